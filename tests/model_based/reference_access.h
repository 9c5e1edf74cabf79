// What a request says about what it wants to use, for the reference to authorise it.
#pragma once

#include <optional>
#include <string>

#include "model_based/reference_stream.h"
#include "riacho/model/operation.h"

namespace riacho::model_based {

struct ReferenceAddress {
  Operation operation = Operation::kListStreams;
  std::optional<std::string> stream_name = {};
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> consumer_name = {};
  std::optional<std::string> consumer_arn = {};
  std::optional<std::string> resource_arn = {};
  std::optional<std::string> channel_arn = {};
  bool names_key = false;
  ReferenceTags tags = {};
  // An iterator or a token to go on with stands in for the stream: the name of that, unless it is
  // none of ours.
  bool by_token = false;
  std::optional<std::string> token_stream = {};
};

template <typename Request>
ReferenceAddress AddressOf(const Request& request) {
  ReferenceAddress address = {.operation = Request::kOperation};
  if constexpr (requires { request.stream_name; }) address.stream_name = request.stream_name;
  if constexpr (requires { request.stream_arn; }) address.stream_arn = request.stream_arn;
  if constexpr (requires { request.consumer_name; }) address.consumer_name = request.consumer_name;
  if constexpr (requires { request.consumer_arn; }) address.consumer_arn = request.consumer_arn;
  if constexpr (requires { request.resource_arn; }) address.resource_arn = request.resource_arn;
  if constexpr (requires { request.channel_arn; }) address.channel_arn = request.channel_arn;
  if constexpr (requires { request.key_id; }) address.names_key = request.key_id.has_value();
  if constexpr (requires { request.tags; }) address.tags = request.tags;
  return address;
}

}  // namespace riacho::model_based
