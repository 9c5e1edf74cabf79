// The code in the documents is cut from files that are compiled. In a document stands
//
//   <!-- cut from examples/quickstart.cc#quickstart -->
//
// followed by a code block, which must equal what lies between [START quickstart] and [END
// quickstart] in that file, its common indentation taken away. With RIACHO_UPDATE_DOCS=1 in the
// environment the test writes the blocks anew instead.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace riacho::docs {
namespace {

namespace fs = std::filesystem;

using Lines = std::vector<std::string>;

const fs::path kRoot = RIACHO_SOURCE_DIR;

Lines ReadLines(const fs::path& path) {
  std::ifstream file(path);
  Lines lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// Every Markdown document that people are meant to read.
std::vector<fs::path> Documents() {
  std::vector<fs::path> documents;
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "docs")) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  std::ranges::sort(documents);
  return documents;
}

// The lines between the markers of `region` in `file`, outdented; nothing if the markers are not
// there.
std::optional<Lines> Region(const fs::path& file, const std::string& region) {
  const Lines lines = ReadLines(file);
  const auto marked = [&region](const std::string& word) {
    return [marker = "[" + word + " " + region + "]"](const std::string& line) {
      return line.find(marker) != std::string::npos;
    };
  };
  const auto start = std::ranges::find_if(lines, marked("START"));
  const auto end = std::ranges::find_if(lines, marked("END"));
  if (start == lines.end() || end == lines.end() || end < start) return std::nullopt;
  Lines code(start + 1, end);
  std::size_t indent = std::string::npos;
  for (const std::string& line : code) {
    if (!line.empty()) indent = std::min(indent, line.find_first_not_of(' '));
  }
  for (std::string& line : code) {
    if (!line.empty()) line.erase(0, indent);
  }
  return code;
}

// What the document says with every block cut anew. Adds to `problems` what cannot be cut.
Lines CutAnew(const Lines& document, const std::string& name, Lines& problems) {
  constexpr std::string_view kMarker = "<!-- cut from ";
  Lines result;
  for (std::size_t i = 0; i < document.size(); ++i) {
    result.push_back(document[i]);
    if (!document[i].starts_with(kMarker)) continue;
    const std::string where =
        document[i].substr(kMarker.size(), document[i].find(" -->") - kMarker.size());
    const std::size_t hash = where.find('#');
    const std::string file = where.substr(0, hash);
    const std::optional<Lines> code = Region(kRoot / file, where.substr(hash + 1));
    if (!code.has_value()) {
      problems.push_back(name + ": there is no region " + where);
      continue;
    }
    if (i + 1 >= document.size() || !document[i + 1].starts_with("```")) {
      problems.push_back(name + ": no code block follows the marker of " + where);
      continue;
    }
    result.push_back(document[++i]);
    result.insert(result.end(), code->begin(), code->end());
    while (++i < document.size() && document[i] != "```") {
    }
    result.emplace_back("```");
  }
  return result;
}

TEST(Documents, CodeBlocksEqualTheRegionsTheyAreCutFrom) {
  const bool update =
      std::getenv("RIACHO_UPDATE_DOCS") != nullptr;  // NOLINT(concurrency-mt-unsafe): one thread
  Lines problems;
  for (const fs::path& path : Documents()) {
    const Lines document = ReadLines(path);
    const Lines anew = CutAnew(document, path.filename(), problems);
    if (update) {
      std::ofstream file(path);
      for (const std::string& line : anew) file << line << '\n';
    } else {
      EXPECT_EQ(document, anew) << path
                                << " is behind its examples: run RIACHO_UPDATE_DOCS=1 on this test";
    }
  }
  EXPECT_EQ(problems, Lines{});
}

TEST(Documents, LinksLeadToFilesThatExist) {
  for (const fs::path& path : Documents()) {
    bool in_code = false;
    for (const std::string& line : ReadLines(path)) {
      if (line.starts_with("```")) in_code = !in_code;
      if (in_code) continue;
      for (std::size_t at = line.find("]("); at != std::string::npos;
           at = line.find("](", at + 1)) {
        std::string target = line.substr(at + 2, line.find(')', at) - at - 2);
        if (target.starts_with("http") || target.starts_with("#")) continue;
        target = target.substr(0, target.find('#'));
        EXPECT_TRUE(fs::exists(path.parent_path() / target)) << path << " links to " << target;
      }
    }
  }
}

TEST(Documents, AWrongBlockIsFound) {
  const Lines wrong = {"<!-- cut from examples/quickstart.cc#quickstart -->", "```cpp",
                       "int main() {}", "```"};
  Lines problems;
  EXPECT_NE(CutAnew(wrong, "test", problems), wrong);
  EXPECT_EQ(problems, Lines{});
  CutAnew({"<!-- cut from examples/quickstart.cc#nowhere -->", "```cpp", "```"}, "test", problems);
  EXPECT_EQ(problems.size(), 1U);
}

}  // namespace
}  // namespace riacho::docs
