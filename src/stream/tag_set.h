// Tags of a resource, and what may become one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace riacho::internal {

using Tags = std::map<std::string, std::string>;  // ascending bytes of the key

// What the refusals call the resource.
struct TaggedResource {
  std::string arn;
  std::string name;  // such as "stream orders"
  std::string account_id;
};

// Adds all of `more` to `tags`, overwriting values, or none of it.
// Errors: kInvalidArgument (a key of the system's; a character that no tag may have; more than
// `most` tags).
absl::Status AddTags(Tags& tags, const Tags& more, const TaggedResource& resource,
                     std::int64_t most);

// Removes the tags with these keys; a key without a tag is no error.
// Errors: kInvalidArgument (a key of the system's).
absl::Status RemoveTags(Tags& tags, const std::vector<std::string>& keys);

}  // namespace riacho::internal
