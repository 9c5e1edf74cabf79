#include "wire/credentials_chain.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

#include "wire/shared_config.h"

namespace riacho::internal {
namespace {

// Not empty, or nothing.
std::string VariableOf(const Surroundings& surroundings, const std::string& name) {
  return surroundings.variable(name).value_or("");
}

std::string ProfileNameOf(const RemoteClientOptions& options, const Surroundings& surroundings) {
  if (!options.profile.empty()) return options.profile;
  const std::string named = VariableOf(surroundings, "AWS_PROFILE");
  return named.empty() ? "default" : named;
}

// The file that `variable` names, or that of the user's home.
std::string SharedFile(const Surroundings& surroundings, const std::string& variable,
                       const std::string& usual) {
  const std::string named = VariableOf(surroundings, variable);
  if (!named.empty()) return named;
  return VariableOf(surroundings, "HOME") + "/.aws/" + usual;
}

std::string ConfigFile(const Surroundings& surroundings) {
  return SharedFile(surroundings, "AWS_CONFIG_FILE", "config");
}

std::string CredentialsFile(const Surroundings& surroundings) {
  return SharedFile(surroundings, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
}

Profile ProfileIn(const Surroundings& surroundings, const std::string& path,
                  const std::string& name) {
  const std::optional<std::string> text = surroundings.file(path);
  if (!text.has_value()) return {};
  Profiles profiles = ParseSharedConfig(*text);
  return std::move(profiles[name]);
}

std::string SettingOf(const Profile& profile, std::string_view name) {
  const auto found = profile.find(name);
  return found == profile.end() ? "" : found->second;
}

RemoteCredentials CredentialsOf(const Profile& profile) {
  return {.access_key_id = SettingOf(profile, "aws_access_key_id"),
          .secret_access_key = SettingOf(profile, "aws_secret_access_key"),
          .session_token = SettingOf(profile, "aws_session_token")};
}

}  // namespace

Surroundings OfThisProcess() {
  return {.variable = [](const std::string& name) -> std::optional<std::string> {
            const char* const value =
                std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody sets any
            if (value == nullptr) return std::nullopt;
            return value;
          },
          .file = [](const std::string& path) -> std::optional<std::string> {
            std::ifstream file(path, std::ios::binary);
            if (!file) return std::nullopt;
            return std::string(std::istreambuf_iterator<char>(file), {});
          }};
}

absl::StatusOr<std::string> FindRegion(const RemoteClientOptions& options,
                                       const Surroundings& surroundings) {
  if (!options.region.empty()) return options.region;
  for (const std::string name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (std::string region = VariableOf(surroundings, name); !region.empty()) return region;
  }
  const std::string name = ProfileNameOf(options, surroundings);
  const std::string path = ConfigFile(surroundings);
  std::string region = SettingOf(ProfileIn(surroundings, path, name), "region");
  if (!region.empty()) return region;
  return absl::NotFoundError(
      "No region: not in the options, not in AWS_REGION or "
      "AWS_DEFAULT_REGION, not in profile '" +
      name + "' of " + path + ".");
}

absl::StatusOr<RemoteCredentials> FindCredentials(const RemoteClientOptions& options,
                                                  const Surroundings& surroundings) {
  const std::string profile = ProfileNameOf(options, surroundings);
  const std::string credentials_file = CredentialsFile(surroundings);
  const std::string config_file = ConfigFile(surroundings);
  const RemoteCredentials of_environment = {
      .access_key_id = VariableOf(surroundings, "AWS_ACCESS_KEY_ID"),
      .secret_access_key = VariableOf(surroundings, "AWS_SECRET_ACCESS_KEY"),
      .session_token = VariableOf(surroundings, "AWS_SESSION_TOKEN")};
  const std::string in_profile = "profile '" + profile + "' of ";
  std::array<std::pair<std::string, RemoteCredentials>, 4> places = {{
      {"the options", options.credentials},
      {"the environment", of_environment},
      {in_profile + credentials_file,
       CredentialsOf(ProfileIn(surroundings, credentials_file, profile))},
      {in_profile + config_file, CredentialsOf(ProfileIn(surroundings, config_file, profile))},
  }};
  // Who names a profile means it.
  if (!options.profile.empty()) places[1].second = {};
  for (auto& [place, credentials] : places) {
    const bool has_id = !credentials.access_key_id.empty();
    const bool has_secret = !credentials.secret_access_key.empty();
    if (has_id && has_secret) return std::move(credentials);
    if (has_id || has_secret) {
      return absl::InvalidArgumentError("The credentials in " + place + " have no " +
                                        (has_id ? "secret access key." : "access key id."));
    }
  }
  return absl::NotFoundError(
      "No credentials: not in the options, not in AWS_ACCESS_KEY_ID and "
      "AWS_SECRET_ACCESS_KEY, not in " +
      places[2].first + ", not in " + places[3].first + ".");
}

}  // namespace riacho::internal
