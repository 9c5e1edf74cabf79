// The widths of Md5Lanes that this program was built with.
#pragma once

// Vectors are there for every processor that these compilers build for; their words are read as
// they lie in memory, which is right on little-endian processors only.
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define RIACHO_MD5_VECTORS 1
#if defined(__x86_64__)
#define RIACHO_MD5_WIDE_VECTORS 1
#endif
#endif

namespace riacho::internal {

// Each digests 8, 16 or 32 padded blocks of 64 bytes; the wider two only on processors that have
// AVX2, or AVX-512 F.
void Md5Vector128(const char* blocks, char* digests);
void Md5Vector256(const char* blocks, char* digests);
void Md5Vector512(const char* blocks, char* digests);

}  // namespace riacho::internal
