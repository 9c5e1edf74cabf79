// The files that the AWS CLI and the SDKs share: profiles, each with its settings.
//
//   [default]                       [profile dev]
//   region = eu-west-1              region=us-east-1
//
// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace riacho::internal {

using Profile = std::map<std::string, std::string, std::less<>>;
using Profiles = std::map<std::string, Profile, std::less<>>;

// The profiles by name, whether their sections say "profile" or not; names of settings in lower
// case. Lines that say nothing, settings within a setting and sections of other kinds are passed
// over: the files belong to many programs. Of a setting that stands twice the last counts.
Profiles ParseSharedConfig(std::string_view text);

}  // namespace riacho::internal
