// The page of a report in a real browser, Chromium without a window: light and dark, wide and
// narrow. What the page finds out about itself comes back in its text.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"
#include "report/plot.h"
#include "riacho/report/report.h"

namespace riacho {
namespace {

using testing::HasSubstr;
using testing::Not;

enum class Scheme : unsigned char { kDark = 0, kLight = 1 };  // Chromium's numbers

// Ten minutes of a stream with everything that has a plot: throttling, a split, a late reader.
std::string PageOfABusyStream() {
  EngineOptions options;
  options.limits.shard_write_records_per_second = 5;
  RecordWorld world(options);
  world.Create("orders-with-a-name-that-is-far-too-long-to-fit-into-a-line-of-a-telephone", 2);
  const std::string stream =
      "orders-with-a-name-that-is-far-too-long-to-fit-into-a-line-of-a-telephone";
  EXPECT_TRUE(world.kinesis
                  ->EnableEnhancedMonitoring(
                      {.stream_name = stream, .shard_level_metrics = {MetricsName::kAll}})
                  .ok());
  const std::string iterator = world.Iterator(stream, 0);
  const absl::Time start = world.clock.TimeNow();
  for (int minute = 0; minute < 10; ++minute) {
    for (int i = 0; i < 4 + minute; ++i)
      world.TryPut(stream, "key-" + std::to_string(i)).IgnoreError();
    if (minute == 5) {
      EXPECT_TRUE(world.kinesis
                      ->UpdateShardCount({.stream_name = stream,
                                          .target_shard_count = 4,
                                          .scaling_type = ScalingType::kUniformScaling})
                      .ok());
    }
    world.Advance(absl::Minutes(1));
    if (minute % 4 == 3) world.Read(world.Iterator(stream, 0));
  }
  const auto report = MakeReport(
      *world.kinesis, world.engine.metrics(),
      {.title = "<i>Nine</i> & more", .start_time = start, .end_time = world.clock.TimeNow()});
  EXPECT_TRUE(report.ok()) << report.status();
  return ReportPage(*report);
}

// Runs after the page's own script: points at the first plot, then writes down what it sees.
constexpr std::string_view kProbe = R"(<script>
const plot = document.querySelector('.plot[data-periods]'), box = plot.getBoundingClientRect();
plot.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + box.width / 2, clientY: box.top + 5}));
const paths = [...document.querySelectorAll('.plot path')].filter(path => path.getTotalLength() > 0).length;
const probe = document.createElement('pre');
probe.textContent = ['PROBE', 'width=' + innerWidth, 'overflow=' + (document.documentElement.scrollWidth > innerWidth),
  'plots=' + document.querySelectorAll('.plot').length, 'paths=' + paths,
  'lanes=' + document.querySelectorAll('.lane').length,
  'tip=' + document.querySelector('.tip').textContent.replace(/\s+/g, '_'),
  'title=' + document.title.replace(/ /g, '_'),
  'ground=' + getComputedStyle(document.body).backgroundColor.replace(/ /g, ''), 'END'].join(' ');
parent.document.body.append(probe);
</script>)";

class ReportInBrowser : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v chromium >/dev/null 2>&1") != 0) {
      FAIL() << "This test needs Chromium, and there is no program of the name `chromium`. On "
                "Debian: apt-get install chromium";
    }
    folder_ = std::filesystem::temp_directory_path() /
              ("riacho_browser_" + std::to_string(static_cast<unsigned long>(::getpid())));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  struct Answer {
    std::string output;   // what the probe wrote
    std::string console;  // what it complained about, among the browser's own lines
  };
  Answer Open(const std::string& page, Scheme scheme, int width, const std::string& what) const {
    const std::filesystem::path file = folder_ / "page.html";
    std::ofstream(file) << page;
    const std::string command =
        "timeout 90 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars "
        "--enable-logging=stderr --user-data-dir=" +
        (folder_ / "profile").string() +
        " --blink-settings=preferredColorScheme=" + std::to_string(static_cast<int>(scheme)) +
        " --window-size=" + std::to_string(width) + ",1600 " + what + " file://" + file.string() +
        " >" + (folder_ / "output").string() + " 2>" + (folder_ / "console").string();
    EXPECT_EQ(std::system(command.c_str()), 0) << Read("console");
    return {Read("output"), Read("console")};
  }
  // In a frame, for the browser's windows cannot be as narrow as a telephone.
  Answer Probe(const std::string& page, Scheme scheme, int width) const {
    std::string probed = page;
    probed.insert(probed.rfind("</body>"), kProbe);
    const std::string frame =
        "<!DOCTYPE html><style>:root{color-scheme:light dark}</style><body><iframe style=\"width:" +
        std::to_string(width) + "px;height:1600px;border:0\" srcdoc=\"" + internal::Escape(probed) +
        "\"></iframe></body>";
    Answer answer = Open(frame, scheme, 1400, "--dump-dom");
    answer.output.erase(0, answer.output.rfind("PROBE "));
    return answer;
  }
  std::string Picture(const std::string& page, Scheme scheme) const {
    const std::string name = "picture.png";
    Open(page, scheme, 1280, "--screenshot=" + (folder_ / name).string());
    return Read(name);
  }

 private:
  std::string Read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name).rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
};

TEST_F(ReportInBrowser, EveryPlotIsDrawnWithoutComplaints) {
  const std::string page = PageOfABusyStream();
  for (const Scheme scheme : {Scheme::kLight, Scheme::kDark}) {
    const Answer answer = Probe(page, scheme, 1280);
    EXPECT_THAT(answer.console, Not(HasSubstr(":CONSOLE")));
    EXPECT_THAT(answer.output, HasSubstr(" plots=5 "));
    EXPECT_THAT(answer.output, HasSubstr(" lanes=6 "));
    // Four grids, an area and two lines, twice; a bar; a line.
    EXPECT_THAT(answer.output, HasSubstr(" paths=12 "));
    EXPECT_THAT(answer.output, HasSubstr(" title=&lt;i&gt;Nine&lt;/i&gt;_&amp;_more "));
  }
}

TEST_F(ReportInBrowser, ValuesAreShownWhereThePointerIs) {
  const Answer answer = Probe(PageOfABusyStream(), Scheme::kLight, 1280);
  EXPECT_THAT(answer.output, testing::ContainsRegex(" tip=[0-9:]+_UTCIn_"));
}

TEST_F(ReportInBrowser, FitsATelephone) {
  const Answer answer = Probe(PageOfABusyStream(), Scheme::kDark, 360);
  EXPECT_THAT(answer.output, HasSubstr(" width=360 overflow=false "));
}

TEST_F(ReportInBrowser, IsLightOrDarkAsTheReaderLikes) {
  const std::string page = PageOfABusyStream();
  EXPECT_THAT(Probe(page, Scheme::kLight, 1280).output, HasSubstr(" ground=rgb(251,251,250) "));
  EXPECT_THAT(Probe(page, Scheme::kDark, 1280).output, HasSubstr(" ground=rgb(18,21,24) "));
  const std::string light = Picture(page, Scheme::kLight);
  const std::string dark = Picture(page, Scheme::kDark);
  EXPECT_GT(light.size(), 10'000u);
  EXPECT_GT(dark.size(), 10'000u);
  EXPECT_NE(light, dark);
}

// Else the tests above could not fail.
TEST_F(ReportInBrowser, ComplaintsAndOverflowsWouldBeSeen) {
  std::string page = PageOfABusyStream();
  page.insert(page.rfind("</main>"),
              "<div style=\"width:600px\">wide</div><script>wrong(</script>");
  const Answer answer = Probe(page, Scheme::kLight, 360);
  EXPECT_THAT(answer.console, HasSubstr(":CONSOLE"));
  EXPECT_THAT(answer.output, HasSubstr(" overflow=true "));
}

}  // namespace
}  // namespace riacho
