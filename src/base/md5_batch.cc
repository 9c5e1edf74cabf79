#include "base/md5_batch.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/md5.h"
#include "base/md5_kernels.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::size_t kLongestKey = 55;  // leaves room in one block for the one bit and the length
constexpr std::size_t kMostLanes = 32;

struct Kernel {
  Md5Form form = Md5Form::kPortable;
  std::size_t lanes = 1;
  void (*digest)(const char* blocks, char* digests) = nullptr;
};

// With fewer keys than this, one after the other is as quick.
constexpr std::size_t kFewestKeys = 3;

// memcpy for few bytes, in line: words that overlap in the middle.
void CopyShort(char* to, const char* from, std::size_t bytes) {
  if (bytes >= 16) {
    for (std::size_t at = 0; at + 16 < bytes; at += 16) std::memcpy(to + at, from + at, 16);
    std::memcpy(to + bytes - 16, from + bytes - 16, 16);
  } else if (bytes >= 8) {
    std::memcpy(to, from, 8);
    std::memcpy(to + bytes - 8, from + bytes - 8, 8);
  } else if (bytes >= 4) {
    std::memcpy(to, from, 4);
    std::memcpy(to + bytes - 4, from + bytes - 4, 4);
  } else {
    for (std::size_t at = 0; at < bytes; ++at) to[at] = from[at];
  }
}

void Pad(std::string_view key, char* block) {
  std::memset(block, 0, kBlockBytes);
  CopyShort(block, key.data(), key.size());
  block[key.size()] = '\x80';
  const auto bits = static_cast<std::uint32_t>(key.size() * 8);
  std::memcpy(block + kBlockBytes - 8, &bits, sizeof(bits));
}

void DigestBatch(const Kernel& kernel, std::span<const std::string_view> keys,
                 std::span<Md5Digest> digests) {
  if (kernel.digest == nullptr || keys.size() < kFewestKeys) {
    for (std::size_t i = 0; i < keys.size(); ++i) digests[i] = Md5(keys[i]);
    return;
  }
  alignas(64) char blocks[kMostLanes * kBlockBytes];
  std::array<std::size_t, kMostLanes> owners;
  std::array<Md5Digest, kMostLanes> made;
  std::size_t count = 0;
  const auto flush = [&] {
    kernel.digest(blocks, reinterpret_cast<char*>(made.data()));
    for (std::size_t lane = 0; lane < count; ++lane) digests[owners[lane]] = made[lane];
    count = 0;
  };
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].size() > kLongestKey) {
      digests[i] = Md5(keys[i]);
      continue;
    }
    Pad(keys[i], blocks + count * kBlockBytes);
    owners[count++] = i;
    if (count == kernel.lanes) flush();
  }
  if (count < kFewestKeys) {
    for (std::size_t lane = 0; lane < count; ++lane)
      digests[owners[lane]] = Md5(keys[owners[lane]]);
    return;
  }
  // Lanes without a key digest something, and nobody looks.
  std::memset(blocks + count * kBlockBytes, 0, (kernel.lanes - count) * kBlockBytes);
  flush();
}

// What this program has and this processor can run, the quickest last.
struct Kernels {
  std::array<Kernel, 4> all = {};
  std::array<Md5Form, 4> forms = {};
  std::size_t count = 0;

  Kernels() {
    Add({});
#if defined(RIACHO_MD5_VECTORS)
    Add({.form = Md5Form::kVector128, .lanes = 8, .digest = &Md5Vector128});
#endif
#if defined(RIACHO_MD5_WIDE_VECTORS)
    if (__builtin_cpu_supports("avx2"))
      Add({.form = Md5Form::kVector256, .lanes = 16, .digest = &Md5Vector256});
    if (__builtin_cpu_supports("avx512f"))
      Add({.form = Md5Form::kVector512, .lanes = 32, .digest = &Md5Vector512});
#endif
  }

  void Add(const Kernel& kernel) {
    forms[count] = kernel.form;
    all[count++] = kernel;
  }
};

const Kernels& AllKernels() {
  static const Kernels kKernels;
  return kKernels;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, Md5Form form) {
  constexpr std::array<std::string_view, 4> kNames = {"portable", "vector128", "vector256",
                                                      "vector512"};
  return out << kNames[static_cast<std::size_t>(form)];
}

std::span<const Md5Form> Md5Forms() {
  return std::span(AllKernels().forms).first(AllKernels().count);
}

void Md5Batch(std::span<const std::string_view> keys, std::span<Md5Digest> digests) {
  DigestBatch(AllKernels().all[AllKernels().count - 1], keys, digests);
}

void Md5Batch(Md5Form form, std::span<const std::string_view> keys, std::span<Md5Digest> digests) {
  const auto& all = AllKernels().all;
  DigestBatch(*std::ranges::find(all, form, &Kernel::form), keys, digests);
}

}  // namespace riacho::internal
