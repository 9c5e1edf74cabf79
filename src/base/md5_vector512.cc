#include "base/md5_kernels.h"
#include "base/md5_lanes.h"

namespace riacho::internal {

#if defined(RIACHO_MD5_WIDE_VECTORS)
#if !defined(__AVX512F__)
#error "This file needs compiler options of its own: see src/CMakeLists.txt."
#endif
void Md5Vector512(const char* blocks, char* digests) { Md5Lanes<64>::Digest(blocks, digests); }
#endif

}  // namespace riacho::internal
