#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace riacho::tidy {

// One file of the repository.
struct SourceFile {
  std::string path;  // From the repository's root, with '/': "src/shard/shard_log.cc".
  std::vector<std::string> lines;  // Without line ends.

  std::string Folder() const;     // The first part of the path: "src".
  std::string Module() const;     // "shard"; empty for a file that lies in no module.
  std::string Name() const;       // "shard_log.cc".
  std::string Stem() const;       // "shard_log".
  std::string Extension() const;  // ".cc".
};

// What one #include directive names.
struct Include {
  int line = 0;  // From 1.
  std::string target;
};

// All .h and .cc files below the given folders of the repository, ordered by path.
std::vector<SourceFile> ReadSources(const std::vector<std::string>& folders);

// One file of the repository; empty if there is none.
std::string ReadFile(std::string_view path);

// The includes in quotes; those in angle brackets are nobody's module.
std::vector<Include> QuotedIncludes(const SourceFile& file);

// The lines with comments and the insides of literals blanked out, so that only code is left.
std::vector<std::string> CodeOnly(const SourceFile& file);

// True if `word` occurs in `code` with no letter, digit or underscore beside it. A word that ends
// in a sign, like "rand(", has no need of an end.
bool ContainsWord(std::string_view code, std::string_view word);

}  // namespace riacho::tidy
