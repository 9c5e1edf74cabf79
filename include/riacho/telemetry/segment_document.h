// Spans as the JSON documents that AWS X-Ray takes.
//
//   absl::StatusOr<std::string> document = riacho::ToSegmentDocument(span);
//   // {"name":"shop","id":"53995c3f42cd8ad8","trace_id":"1-…","start_time":1767225600.0,…}
//
// To write all of them prefer JsonLinesTraceExporter.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

#include "riacho/telemetry/span.h"

namespace riacho {

inline constexpr std::size_t kMostSegmentDocumentBytes = 64 * 1024;

// A segment, or a subsegment as it is sent alone, in one line. Bytes that are no UTF-8 are
// replaced. The name of a segment's span, where it is not its service's, and annotations from the
// 51st on are in metadata, under "riacho".
//
// Limits: 65,536 bytes; a name of 1 to 200 letters, digits, spaces and _.:/%&#=+\-@; other texts of
//         250 characters.
// Errors: kInvalidArgument: a limit, a missing id, an annotation or metadata that CheckAnnotation
//         or CheckMetadata refuses.
// Source: AWS X-Ray Developer Guide, "X-Ray segment documents".
absl::StatusOr<std::string> ToSegmentDocument(const Span& span);

}  // namespace riacho
