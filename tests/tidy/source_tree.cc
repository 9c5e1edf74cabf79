#include "tidy/source_tree.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace riacho::tidy {
namespace {

namespace fs = std::filesystem;

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Walks over code, comments and literals. Raw strings are taken for plain ones, which is right as
// long as they hold no quote.
class Blanker {
 public:
  std::string Blank(const std::string& line) {
    std::string code;
    for (size_t i = 0; i < line.size(); ++i) {
      const std::string_view rest = std::string_view(line).substr(i);
      if (in_comment_) {
        if (rest.starts_with("*/")) {
          in_comment_ = false;
          ++i;
        }
      } else if (rest.starts_with("//")) {
        break;
      } else if (rest.starts_with("/*")) {
        in_comment_ = true;
        ++i;
      } else if (line[i] == '"' || (line[i] == '\'' && !IsDigitSeparator(line, i))) {
        const char quote = line[i];
        code += quote;
        for (++i; i < line.size() && line[i] != quote; ++i) {
          if (line[i] == '\\') ++i;
        }
        code += quote;
      } else {
        code += line[i];
      }
    }
    return code;
  }

 private:
  static bool IsDigitSeparator(const std::string& line, size_t i) {
    return i > 0 && std::isxdigit(static_cast<unsigned char>(line[i - 1])) != 0;
  }

  bool in_comment_ = false;
};

}  // namespace

std::string SourceFile::Folder() const { return fs::path(path).begin()->string(); }

std::string SourceFile::Module() const {
  const fs::path folder = fs::path(path).parent_path();
  if (Folder() == "include") {
    return folder.parent_path() == "include/riacho" ? folder.filename().string() : "";
  }
  return folder.has_parent_path() ? folder.filename().string() : "";
}

std::string SourceFile::Name() const { return fs::path(path).filename().string(); }
std::string SourceFile::Stem() const { return fs::path(path).stem().string(); }
std::string SourceFile::Extension() const { return fs::path(path).extension().string(); }

std::vector<SourceFile> ReadSources(const std::vector<std::string>& folders) {
  const fs::path root = RIACHO_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".h" && extension != ".cc")) continue;
      SourceFile file{.path = fs::relative(entry.path(), root).generic_string(), .lines = {}};
      std::ifstream stream(entry.path());
      for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
      files.push_back(std::move(file));
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::string ReadFile(std::string_view path) {
  std::ifstream stream(fs::path(RIACHO_SOURCE_DIR) / path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<Include> QuotedIncludes(const SourceFile& file) {
  std::vector<Include> includes;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    const size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos || !line.substr(first).starts_with("#include")) continue;
    const size_t open = line.find('"');
    const size_t close = line.find('"', open + 1);
    if (open == std::string::npos || close == std::string::npos) continue;
    includes.push_back(
        {.line = static_cast<int>(i) + 1, .target = line.substr(open + 1, close - open - 1)});
  }
  return includes;
}

std::vector<std::string> CodeOnly(const SourceFile& file) {
  Blanker blanker;
  std::vector<std::string> code;
  for (const std::string& line : file.lines) code.push_back(blanker.Blank(line));
  return code;
}

bool ContainsWord(std::string_view code, std::string_view word) {
  for (size_t at = code.find(word); at != std::string_view::npos; at = code.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool starts = at == 0 || !IsWordCharacter(code[at - 1]);
    const bool ends =
        !IsWordCharacter(word.back()) || end == code.size() || !IsWordCharacter(code[end]);
    if (starts && ends) return true;
  }
  return false;
}

}  // namespace riacho::tidy
