// What an endpoint says went wrong, as a status.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "wire/document.h"
#include "wire/http.h"
#include "wire/parsed_body.h"

namespace riacho::internal {

// OK for a status of 200. `body` is in the format that the header content-type names.
absl::Status StatusOfAnswer(int http_status, const HttpHeaders& headers, std::string_view body);

// Of an exception of that name, which may have a namespace before a "#" and more after a ":". The
// statuses of those without an ErrorCode: see RemoteClient.
absl::Status StatusOfException(std::string_view name, std::string_view message, int http_status);

// How long the endpoint asks to wait before the call is tried again, if it does.
std::optional<absl::Duration> RetryHintOf(const HttpHeaders& headers);

// The text under "message" or "Message" of a body; empty if there is none.
std::string MessageOf(const ParsedBody& body);

// By the content type of a body or an event. What is not CBOR is taken for JSON.
WireFormat FormatOf(std::string_view content_type);

// `flaw` as what was wrong with an answer.
absl::Status UnreadableAnswer(std::string_view flaw);

}  // namespace riacho::internal
