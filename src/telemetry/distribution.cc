#include "telemetry/distribution.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace riacho::internal {
namespace {

double RoundedDown(double value) {
  constexpr int kSignificantBits = 7;
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  return std::ldexp(std::floor(std::ldexp(fraction, kSignificantBits)),
                    exponent - kSignificantBits);
}

// The value at a rank from 1 on.
double AtRank(const Distribution::Values& values, double rank) {
  double seen = 0;
  for (const auto& [value, count] : values) {
    seen += count;
    if (rank <= seen) return value;
  }
  return values.back().first;
}

double CountOf(const Distribution::Values& values) {
  double count = 0;
  for (const auto& entry : values) count += entry.second;
  return count;
}
double SumOf(const Distribution::Values& values) {
  double sum = 0;
  for (const auto& [value, count] : values) sum += value * count;
  return sum;
}

}  // namespace

void AddTo(StatisticSet& total, const StatisticSet& part) {
  if (part.sample_count == 0) return;
  if (total.sample_count == 0) {
    total = part;
    return;
  }
  total.sample_count += part.sample_count;
  total.sum += part.sum;
  total.minimum = std::min(total.minimum, part.minimum);
  total.maximum = std::max(total.maximum, part.maximum);
}

void Distribution::Add(double value, double count) {
  AddTo(statistics_,
        {.sample_count = count, .sum = value * count, .minimum = value, .maximum = value});
  Count(RoundedDown(value), count);
}

void Distribution::Add(const StatisticSet& set) {
  if (set.sample_count == 0) return;
  AddTo(statistics_, set);
  if (set.minimum == set.maximum) {
    Count(RoundedDown(set.minimum), set.sample_count);
  } else {
    complete_ = false;
    values_ = {};
  }
}

void Distribution::Add(const LatencyHistogram& latencies) {
  if (latencies.count() == 0) return;
  AddTo(statistics_, {.sample_count = static_cast<double>(latencies.count()),
                      .sum = absl::ToDoubleMilliseconds(latencies.sum()),
                      .minimum = absl::ToDoubleMilliseconds(latencies.minimum()),
                      .maximum = absl::ToDoubleMilliseconds(latencies.maximum())});
  for (const LatencyHistogram::Bucket& bucket : latencies.Buckets())
    Count(absl::ToDoubleMilliseconds(bucket.Middle()), static_cast<double>(bucket.count));
}

LatencyHistogram Distribution::Latencies() const {
  constexpr double kNanosPerMilli = 1e6;
  if (values() == nullptr) return {};
  std::vector<std::int64_t> counts;
  for (const auto& [millis, count] : values_) {
    const std::size_t bucket = LatencyHistogram::BucketOf(std::llround(millis * kNanosPerMilli));
    if (counts.size() <= bucket) counts.resize(bucket + 1);
    counts[bucket] += std::llround(count);
  }
  return {std::move(counts), absl::Milliseconds(statistics_.sum),
          absl::Milliseconds(statistics_.minimum), absl::Milliseconds(statistics_.maximum)};
}

void Distribution::Add(const Distribution& other) {
  AddTo(statistics_, other.statistics_);
  complete_ = complete_ && other.complete_;
  if (!complete_) values_ = {};
  for (const auto& [value, count] : other.values_) Count(value, count);
}

void Distribution::Count(double value, double count) {
  if (!complete_) return;
  const auto at = std::ranges::lower_bound(values_, value, {}, &Values::value_type::first);
  if (at != values_.end() && at->first == value) {
    at->second += count;
  } else {
    values_.insert(at, {value, count});
  }
}

const Distribution::Values* Distribution::values() const {
  return complete_ && statistics_.sample_count != 0 && statistics_.minimum >= 0 ? &values_
                                                                                : nullptr;
}

namespace {

// A decimal number without sign or exponent.
std::optional<double> ReadNumber(std::string_view text) {
  constexpr std::size_t kMostDecimals = 10;
  double number = 0;
  double unit = 1;
  bool digits = false;
  std::size_t at = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    number = number * 10 + (text[at] - '0');
    digits = true;
  }
  if (!digits) return std::nullopt;
  if (at == text.size()) return number;
  if (text[at] != '.' || at + 1 == text.size() || text.size() - at - 1 > kMostDecimals)
    return std::nullopt;
  for (++at; at < text.size(); ++at) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    number = number * 10 + (text[at] - '0');
    unit *= 10;
  }
  return number / unit;
}

// How many of `count` samples are a share of so many percent; a whole number that a rounding error
// misses is met.
double Share(double percent, double count) { return percent * count / 100; }
double WholeShare(double percent, double count) {
  constexpr double kRoundingError = 1e-9;
  return std::floor(Share(percent, count) + kRoundingError);
}

}  // namespace

std::optional<ExtendedStatistic::Kind> ExtendedStatistic::KindOf(std::string_view name) {
  if (name == "p") return Kind::kPercentile;
  if (name == "tm" || name == "TM") return Kind::kTrimmedMean;
  if (name == "wm" || name == "WM") return Kind::kWinsorizedMean;
  if (name == "PR") return Kind::kPercentileRank;
  if (name == "tc" || name == "TC") return Kind::kTrimmedCount;
  if (name == "ts" || name == "TS") return Kind::kTrimmedSum;
  return std::nullopt;
}

std::optional<ExtendedStatistic> ExtendedStatistic::Parse(std::string_view text) {
  if (text == "IQM") return Parse("TM(25%:75%)");
  ExtendedStatistic statistic;
  const std::size_t end_of_name = text.find_first_of("0123456789(");
  if (end_of_name == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(0, end_of_name);
  const std::optional<Kind> kind = KindOf(name);
  if (!kind.has_value()) return std::nullopt;
  statistic.kind_ = *kind;
  std::string_view rest = text.substr(end_of_name);
  const bool bounds = rest.front() == '(';
  // Small letters have one number, capitals two bounds.
  if (bounds != (name.front() >= 'A' && name.front() <= 'Z')) return std::nullopt;
  if (bounds) {
    if (rest.back() != ')') return std::nullopt;
    if (!statistic.ReadBounds(rest.substr(1, rest.size() - 2))) return std::nullopt;
    if (*kind == Kind::kPercentileRank && statistic.percent_) return std::nullopt;
    return statistic;
  }
  statistic.high_ = ReadNumber(rest);
  if (!statistic.high_.has_value() || *statistic.high_ > 100) return std::nullopt;
  return statistic;
}

bool ExtendedStatistic::ReadBounds(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.size() == 1) return false;
  std::string_view parts[] = {text.substr(0, colon), text.substr(colon + 1)};
  std::optional<double>* const bounds[] = {&low_, &high_};
  std::optional<bool> percent;
  for (std::size_t i = 0; i < 2; ++i) {
    if (parts[i].empty()) continue;
    const bool is_percent = parts[i].back() == '%';
    if (percent.value_or(is_percent) != is_percent) return false;
    percent = is_percent;
    if (is_percent) parts[i].remove_suffix(1);
    *bounds[i] = ReadNumber(parts[i]);
    if (!bounds[i]->has_value() || (is_percent && **bounds[i] > 100)) return false;
  }
  percent_ = *percent;
  return !low_.has_value() || !high_.has_value() || *low_ < *high_;
}

// The samples within the bounds: ranks above the lower share and up to the upper one, or values
// above the lower one and up to the upper one.
Distribution::Values ExtendedStatistic::Kept(const Distribution::Values& values,
                                             double count) const {
  Distribution::Values kept;
  const double first = WholeShare(low_.value_or(0), count);
  const double last = WholeShare(high_.value_or(100), count);
  double seen = 0;
  for (const auto& [value, times] : values) {
    double within = times;
    if (percent_) {
      within = std::min(seen + times, last) - std::max(seen, first);
    } else if ((low_.has_value() && value <= *low_) || (high_.has_value() && value > *high_)) {
      within = 0;
    }
    if (within > 0) kept.emplace_back(value, within);
    seen += times;
  }
  return kept;
}

std::optional<double> ExtendedStatistic::Of(const Distribution& distribution) const {
  const Distribution::Values* const values = distribution.values();
  if (values == nullptr) return std::nullopt;
  const double count = distribution.statistics().sample_count;
  if (kind_ == Kind::kPercentile) {
    const double rank = std::ceil(Share(*high_, count));
    // Rounding down must not lead out of the range.
    return std::clamp(AtRank(*values, std::max(rank, 1.0)), distribution.statistics().minimum,
                      distribution.statistics().maximum);
  }
  const Distribution::Values kept = Kept(*values, count);
  const double kept_count = CountOf(kept);
  if (kind_ == Kind::kTrimmedCount) return kept_count;
  if (kind_ == Kind::kTrimmedSum) return SumOf(kept);
  if (kind_ == Kind::kPercentileRank) return 100 * kept_count / count;
  if (kept.empty()) return std::nullopt;
  if (kind_ == Kind::kTrimmedMean) return SumOf(kept) / kept_count;
  // A winsorized mean: what lies outside counts as much as the bound.
  const double low = percent_ ? kept.front().first : low_.value_or(0);
  const double high = percent_ ? kept.back().first : high_.value_or(kept.back().first);
  double below = 0;
  for (const auto& [value, times] : *values) {
    if (value < kept.front().first) below += times;
  }
  if (percent_) below = WholeShare(low_.value_or(0), count);
  const double above = count - below - kept_count;
  return (SumOf(kept) + low * below + high * above) / count;
}

}  // namespace riacho::internal
