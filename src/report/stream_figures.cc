#include "report/stream_figures.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/strings/str_format.h"

namespace riacho::internal {

double SumOf(const PeriodValues& values) {
  double sum = 0;
  for (const auto& value : values) sum += value.value_or(0);
  return sum;
}

double HighestOf(const PeriodValues& values) {
  double highest = 0;
  for (const auto& value : values) highest = std::max(highest, value.value_or(0));
  return highest;
}

PeriodValues PerSecond(const Report& report, const PeriodValues& sums) {
  PeriodValues rates = WithZeros(sums);
  for (std::size_t i = 0; i < rates.size(); ++i)
    *rates[i] /= absl::ToDoubleSeconds(report.PeriodLength(i));
  return rates;
}

PeriodValues WithZeros(PeriodValues values) {
  for (auto& value : values) value = value.value_or(0);
  return values;
}

double ThrottledPercent(const ReportStream& stream) {
  const double throttled = SumOf(stream.throttled_records);
  const double all = throttled + SumOf(stream.incoming_records);
  return all == 0 ? 0 : throttled / all * 100;
}

std::vector<const ReportShard*> BusiestShards(const ReportStream& stream) {
  std::vector<const ReportShard*> shards;
  for (const ReportShard& shard : stream.shards) shards.push_back(&shard);
  std::ranges::stable_sort(shards, [](const ReportShard* a, const ReportShard* b) {
    return SumOf(a->incoming_records) > SumOf(b->incoming_records);
  });
  return shards;
}

bool HasShardMetrics(const ReportStream& stream) {
  return std::ranges::any_of(stream.shards, [](const ReportShard& shard) {
    return std::ranges::any_of(shard.incoming_records,
                               [](const auto& value) { return value.has_value(); });
  });
}

std::size_t OpenShards(const ReportStream& stream) {
  return static_cast<std::size_t>(std::ranges::count_if(stream.shards, [](const auto& shard) {
    return !shard.shard.sequence_number_range.ending_sequence_number.has_value();
  }));
}

std::string ShowHashKeys(const HashKeyRange& range) {
  const auto percent = [](HashKey key) {
    return static_cast<double>(absl::Uint128High64(key.value)) / std::ldexp(1.0, 64) * 100;
  };
  return absl::StrFormat("%.1f to %.1f %%", percent(range.starting_hash_key),
                         percent(range.ending_hash_key));
}

}  // namespace riacho::internal
