#include "base/md5_kernels.h"
#include "base/md5_lanes.h"

namespace riacho::internal {

#if defined(RIACHO_MD5_VECTORS)
void Md5Vector128(const char* blocks, char* digests) { Md5Lanes<16>::Digest(blocks, digests); }
#endif

}  // namespace riacho::internal
