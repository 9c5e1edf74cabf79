// Any text through the reader of the Embedded Metric Format, and what it takes out of it through
// metrics and out again. Nothing crashes; what is counted is written in lines that fit into a log
// and are read without complaint, and these say the same when they go the same way once more.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"

#include "fuzz/script.h"
#include "riacho/model/error.h"
#include "riacho/telemetry/embedded_metrics.h"

namespace {

using riacho::EmbeddedMetrics;
using riacho::Metrics;
using riacho::fuzz::Require;

// Puts what can be put; a name that CloudWatch would refuse is refused.
void Put(const EmbeddedMetrics& embedded, Metrics& metrics) {
  for (const riacho::PutMetricDataRequest& request : embedded.requests) {
    Require(!request.metric_data.empty());
    const absl::Status put = metrics.PutMetricData(request, *request.metric_data.front().timestamp);
    Require(put.ok() || riacho::GetErrorCode(put) == riacho::ErrorCode::kInvalidArgument);
  }
}

std::string Write(const Metrics& metrics) {
  return riacho::ToEmbeddedMetricFormat(metrics, absl::InfinitePast(), absl::InfiniteFuture())
      .value();
}

void PutLines(std::string_view lines, Metrics& metrics) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    Require(end != std::string_view::npos && end < 262'144);
    const auto embedded = riacho::ParseEmbeddedMetricFormat(lines.substr(0, end));
    Require(embedded.ok() && embedded->invalid_directives.empty());
    Put(*embedded, metrics);
    lines.remove_prefix(end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const riacho::fuzz::Script script(data, size);
  const auto embedded = riacho::ParseEmbeddedMetricFormat(script.Rest());
  if (!embedded.ok()) {
    Require(riacho::GetErrorCode(embedded.status()) == riacho::ErrorCode::kInvalidArgument);
    return 0;
  }
  Metrics metrics;
  Put(*embedded, metrics);
  Metrics again;
  PutLines(Write(metrics), again);
  Metrics once_more;
  PutLines(Write(again), once_more);
  Require(again.ListMetrics().metrics == once_more.ListMetrics().metrics);
  return 0;
}
