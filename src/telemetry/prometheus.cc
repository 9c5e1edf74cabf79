#include "riacho/telemetry/prometheus.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace riacho {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "PutRecord.Bytes" as put_record_bytes; what no name may have becomes an underscore.
std::string SnakeCase(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!IsLower(c) && !IsUpper(c) && !IsDigit(c)) {
      name += '_';
      continue;
    }
    const bool word_begins =
        IsUpper(c) && i != 0 &&
        (IsLower(text[i - 1]) || IsDigit(text[i - 1]) ||
         (IsUpper(text[i - 1]) && i + 1 < text.size() && IsLower(text[i + 1])));
    if (word_begins) name += '_';
    name += IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (!name.empty() && IsDigit(name.front())) name.insert(0, 1, '_');
  return name;
}

void Remove(std::string& text, std::string_view part) {
  const std::size_t at = text.find(part);
  if (at != std::string::npos) text.erase(at, part.size());
}

// The unit that a metric is shown in, and by what its values are multiplied.
struct BaseUnit {
  std::string_view suffix;
  double factor = 1;
};
BaseUnit BaseUnitOf(StandardUnit unit) {
  switch (unit) {
    case StandardUnit::kSeconds:
      return {"_seconds", 1};
    case StandardUnit::kMilliseconds:
      return {"_seconds", 1e-3};
    case StandardUnit::kMicroseconds:
      return {"_seconds", 1e-6};
    case StandardUnit::kBytes:
      return {"_bytes", 1};
    default:
      return {"", 1};
  }
}

bool IsOfShard(const Metric& metric) {
  return metric.metric_namespace == kKinesisMetrics &&
         std::ranges::any_of(metric.dimensions, [](const Dimension& dimension) {
           return dimension.name == "ShardId";
         });
}

bool IsCounter(const MetricTotal& total) {
  return (total.unit == StandardUnit::kBytes || total.unit == StandardUnit::kCount) &&
         total.metric.metric_name.find('.') == std::string::npos;
}

std::string NameOf(const MetricTotal& total) {
  const Metric& metric = total.metric;
  const BaseUnit unit = BaseUnitOf(total.unit);
  std::string name =
      metric.metric_namespace == kKinesisMetrics ? "riacho" : SnakeCase(metric.metric_namespace);
  if (IsOfShard(metric)) name += "_shard";
  absl::StrAppend(&name, "_", SnakeCase(metric.metric_name));
  if (total.unit == StandardUnit::kMilliseconds) {
    Remove(name, "_milliseconds");
    Remove(name, "_millis");
  }
  if (!name.ends_with(unit.suffix)) name += unit.suffix;
  if (IsCounter(total)) name += "_total";
  return name;
}

std::string LabelName(const Metric& metric, const std::string& dimension) {
  std::string name = SnakeCase(dimension);
  if (metric.metric_namespace != kKinesisMetrics) return name;
  for (const std::string_view suffix : {"_name", "_id"}) {
    if (name.ends_with(suffix)) name.erase(name.size() - suffix.size());
  }
  return name;
}

// {stream="orders"}, or nothing.
std::string LabelsOf(const Metric& metric) {
  std::string labels;
  for (const Dimension& dimension : metric.dimensions) {
    absl::StrAppend(&labels, labels.empty() ? "{" : ",", LabelName(metric, dimension.name), "=\"");
    for (const char c : dimension.value) {
      if (c == '\\' || c == '"') labels += '\\';
      labels += c;
    }
    labels += '"';
  }
  if (!labels.empty()) labels += '}';
  return labels;
}

// What stands under one name.
struct Family {
  std::string metric;
  bool counter = false;
  bool histogram = false;
  struct Values {
    double sum = 0;
    double count = 0;
    LatencyHistogram latencies = {};
  };
  std::map<std::string, Values> values = {};  // by labels
};

// With all digits that tell it from other numbers.
std::string Number(double value) {
  std::array<char, 32> digits{};
  const std::to_chars_result end = std::to_chars(digits.begin(), digits.end(), value);
  return {digits.begin(), end.ptr};
}

std::string HelpText(std::string_view text) {
  std::string help;
  for (const char c : text) {
    if (c == '\\') {
      help += "\\\\";
    } else if (c == '\n') {
      help += "\\n";
    } else {
      help += c;
    }
  }
  return help;
}

// Cumulative, from a quarter of a microsecond to half a minute, each twice the one before.
void AppendBuckets(std::string& text, const std::string& name, const std::string& labels,
                   const LatencyHistogram& latencies) {
  constexpr std::int64_t kFirstNanos = 256;
  constexpr int kBounds = 28;
  const std::string others =
      labels.empty() ? "{" : absl::StrCat(labels.substr(0, labels.size() - 1), ",");
  for (int i = 0; i < kBounds; ++i) {
    const absl::Duration bound = absl::Nanoseconds(kFirstNanos << i);
    absl::StrAppend(&text, name, "_bucket", others, "le=\"", Number(absl::ToDoubleSeconds(bound)),
                    "\"} ", latencies.CountUpTo(bound), "\n");
  }
  absl::StrAppend(&text, name, "_bucket", others, "le=\"+Inf\"} ", latencies.count(), "\n");
}

}  // namespace

std::string ToPrometheusText(const Metrics& metrics) {
  std::map<std::string, Family> families;
  for (const MetricTotal& total : metrics.Totals()) {
    // Of metrics that come to the same name the first says what it is, of those that come to the
    // same labels too it alone is shown: GetRecords.IteratorAge and
    // GetRecords.IteratorAgeMilliseconds do.
    Family& family =
        families
            .try_emplace(NameOf(total), Family{.metric = total.metric.metric_name,
                                               .counter = IsCounter(total),
                                               .histogram = total.latencies.count() != 0})
            .first->second;
    // A histogram has nothing to say of what came without its samples.
    if (family.histogram && total.latencies.count() == 0) continue;
    family.values.try_emplace(LabelsOf(total.metric),
                              Family::Values{.sum = total.total.sum * BaseUnitOf(total.unit).factor,
                                             .count = total.total.sample_count,
                                             .latencies = total.latencies});
  }
  std::string text;
  for (const auto& [name, family] : families) {
    absl::StrAppend(&text, "# HELP ", name, " ", HelpText(family.metric), "\n");
    absl::StrAppend(&text, "# TYPE ", name,
                    family.counter     ? " counter\n"
                    : family.histogram ? " histogram\n"
                                       : " summary\n");
    for (const auto& [labels, values] : family.values) {
      if (family.counter) {
        absl::StrAppend(&text, name, labels, " ", Number(values.sum), "\n");
      } else {
        if (family.histogram) AppendBuckets(text, name, labels, values.latencies);
        absl::StrAppend(&text, name, "_sum", labels, " ", Number(values.sum), "\n");
        absl::StrAppend(&text, name, "_count", labels, " ", Number(values.count), "\n");
      }
    }
  }
  return text;
}

}  // namespace riacho
