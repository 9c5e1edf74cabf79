// What both forms of a report say of a stream.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "riacho/report/report.h"

namespace riacho::internal {

double SumOf(const PeriodValues& values);
double HighestOf(const PeriodValues& values);

// Sums as so many in each second; 0 where there were no samples.
PeriodValues PerSecond(const Report& report, const PeriodValues& sums);
// 0 where there were no samples.
PeriodValues WithZeros(PeriodValues values);

// Of all records that were to be written, the share that was throttled, in percent.
double ThrottledPercent(const ReportStream& stream);

// In the order of what came in, most first; of equals the older ones.
std::vector<const ReportShard*> BusiestShards(const ReportStream& stream);
bool HasShardMetrics(const ReportStream& stream);
std::size_t OpenShards(const ReportStream& stream);

// "25.0 to 50.0 %" of the hash keys.
std::string ShowHashKeys(const HashKeyRange& range);

}  // namespace riacho::internal
