#include "riacho/telemetry/tracer.h"

#include <iterator>
#include <utility>

#include <xxhash.h>

#include "riacho/client/record_requests.h"
#include "telemetry/random_source.h"

namespace riacho {
namespace {

// An operation that is being carried out. Calls come to an end in the reverse order.
struct OpenCall {
  const void* request;
  OpenSpan span;
};

thread_local std::vector<OpenCall> t_open_calls;

// Services that share a seed have ids of their own.
std::optional<std::uint64_t> SeedOf(const TracerOptions& options) {
  if (!options.seed.has_value()) return std::nullopt;
  return XXH3_64bits_withSeed(options.service_name.data(), options.service_name.size(),
                              *options.seed);
}

bool HasTrace(const TraceContext* context) {
  return context != nullptr && !context->trace_id.is_zero();
}

bool IsSampled(const TraceContext* context) {
  return HasTrace(context) && context->sampling == SamplingDecision::kSampled;
}

}  // namespace

Tracer::Tracer(Clock& clock, TraceExporter& exporter, TracerOptions options)
    : clock_(clock),
      exporter_(exporter),
      options_(std::move(options)),
      random_(std::make_unique<internal::RandomSource>(SeedOf(options_))),
      sampler_(options_.sampling, options_.seed) {}

Tracer::~Tracer() = default;

OpenSpan Tracer::StartSpan(std::string_view name, SpanOptions options) {
  const TraceContext* const parent = HasTrace(current()) ? current() : nullptr;
  return Start(name, parent, parent != nullptr && parent->is_remote, std::move(options));
}

OpenSpan Tracer::StartSpan(std::string_view name, const absl::StatusOr<TraceContext>& parent,
                           SpanOptions options) {
  const bool has_parent = parent.ok() && HasTrace(&*parent);
  return Start(name, has_parent ? &*parent : nullptr, has_parent && parent->is_remote,
               std::move(options));
}

OpenSpan Tracer::Start(std::string_view name, const TraceContext* parent, bool is_segment,
                       SpanOptions&& options) {
  // Nobody has sent a segment that this span could be a part of.
  if (parent == nullptr || parent->span_id.is_zero()) is_segment = true;
  TraceContext context = parent != nullptr ? *parent : TraceContext();
  context.is_remote = false;
  if (context.sampling == SamplingDecision::kNotSampled && !context.span_id.is_zero())
    return {*this, std::move(context), nullptr};

  const absl::Time now = clock_.TimeNow();
  SpanId parent_id;
  if (parent == nullptr) {
    const auto [first, second, third] = random_->Take<3>();
    const auto epoch_seconds = static_cast<std::uint32_t>(absl::ToUnixSeconds(now));
    context.trace_id = {.high = std::uint64_t{epoch_seconds} << 32 | first >> 32, .low = second};
    context.span_id = {third};
  } else {
    parent_id = std::exchange(context.span_id, NewSpanId());
  }
  std::string_view rule_name;
  if (context.sampling == SamplingDecision::kUndecided ||
      context.sampling == SamplingDecision::kRequested) {
    SamplingRequest& request = options.request;
    if (request.service_name.empty()) request.service_name = options_.service_name;
    if (request.service_type.empty()) request.service_type = options_.service_type;
    const SamplingVerdict verdict = sampler_.Decide(request, now);
    context.sampling = verdict.sampled ? SamplingDecision::kSampled : SamplingDecision::kNotSampled;
    rule_name = verdict.rule_name;
  }
  if (context.sampling == SamplingDecision::kNotSampled)
    return {*this, std::move(context), nullptr};

  auto span = std::make_unique<Span>(Span{.trace_id = context.trace_id,
                                          .span_id = context.span_id,
                                          .parent_id = parent_id,
                                          .is_segment = is_segment,
                                          .name = std::string(name),
                                          .span_namespace = options.span_namespace,
                                          .start_time = now,
                                          .links = std::move(options.links),
                                          .sampling_rule_name = std::string(rule_name)});
  if (is_segment) {
    span->service_name = options_.service_name;
    span->origin = options_.service_type;
  }
  if (options_.export_in_progress) exporter_.Export(*span);
  return {*this, std::move(context), std::move(span)};
}

SpanId Tracer::NewSpanId() { return {random_->Take<1>()[0]}; }

void Tracer::Finish(std::unique_ptr<Span> span) {
  span->end_time = clock_.TimeNow();
  exporter_.Export(std::move(*span));
}

absl::Status Tracer::Before(const OperationContext& call) {
  const TraceContext* const parent = current();
  if (!IsSampled(parent)) return absl::OkStatus();
  OpenSpan span =
      Start(kKinesis, parent, /*is_segment=*/false, {.span_namespace = SpanNamespace::kAws});
  AwsCall& aws = span.recorded()->aws.emplace();
  aws.operation = OperationName(call.operation);
  aws.account_id = options_.account_id;
  aws.region = options_.region;
  // What is longer is no stream's name, and is refused; a trace is no place for it.
  constexpr std::size_t kLongestName = 128;
  if (!call.stream_name.empty() && call.stream_name.size() <= kLongestName)
    aws.resource_names.emplace_back(call.stream_name);
  if (call.shard_id.has_value())
    span.recorded()->annotations.emplace_back("shard_id", call.shard_id->ToString());
  t_open_calls.push_back({.request = call.untyped_request, .span = std::move(span)});
  return absl::OkStatus();
}

void Tracer::After(const OperationContext& call, OperationOutcome& outcome) {
  if (!IsSampled(current())) return;
  for (auto open = t_open_calls.rbegin(); open != t_open_calls.rend(); ++open) {
    if (open->request != call.untyped_request || open->span.tracer_ != this) continue;
    OpenSpan span = std::move(open->span);
    t_open_calls.erase(std::prev(open.base()));
    span.AddException(outcome.status(), /*remote=*/true);
    if (const auto* const put = outcome.ResponseOf<PutRecordsRequest>();
        put != nullptr && put->failed_record_count > 0) {
      span.recorded()->annotations.emplace_back("failed_record_count", put->failed_record_count);
    }
    return;
  }
}

}  // namespace riacho
