// A batch pins the log that its records point into: it moves, and a copy must be asked for record
// by record.
#include <utility>

#include "riacho/model/record_batch.h"

riacho::RecordBatch Use(riacho::RecordBatch batch) {
#ifdef RIACHO_WRONG_USE
  riacho::RecordBatch copy(batch);
  return copy;
#else
  riacho::RecordBatch moved(std::move(batch));
  return moved;
#endif
}
