#include "base/md5_kernels.h"
#include "base/md5_lanes.h"

namespace riacho::internal {

#if defined(RIACHO_MD5_WIDE_VECTORS)
#if !defined(__AVX2__)
#error "This file needs compiler options of its own: see src/CMakeLists.txt."
#endif
void Md5Vector256(const char* blocks, char* digests) { Md5Lanes<32>::Digest(blocks, digests); }
#endif

}  // namespace riacho::internal
