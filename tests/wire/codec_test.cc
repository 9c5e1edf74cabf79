// Structures on their way to bodies and back: by hand, and all of them by their members.
#include <cstdint>
#include <deque>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

#include "engine/request_list.h"
#include "riacho/model/error.h"
#include "wire/body_writer.h"
#include "wire/channel_members.h"
#include "wire/consumer_members.h"
#include "wire/decoder.h"
#include "wire/encoder.h"
#include "wire/parsed_body.h"
#include "wire/read_body.h"
#include "wire/record_members.h"
#include "wire/settings_members.h"
#include "wire/shard_members.h"
#include "wire/shortened_json.h"
#include "wire/stream_members.h"

namespace riacho::internal {
namespace {

// `json` must outlive what is returned.
ParsedBody Parsed(std::string_view json) {
  absl::StatusOr<ParsedBody> body = ParseBody(json, WireFormat::kJson);
  EXPECT_TRUE(body.ok()) << json;
  return *std::move(body);
}

// The text of the refusal; empty if there is none.
template <typename Request>
std::string Refusal(std::string_view json) {
  const ParsedBody body = Parsed(json);
  Decoder decoder(body, WireFormat::kJson);
  Request request;
  const absl::Status status = decoder.Decode(request);
  if (status.ok()) return "";
  EXPECT_EQ(GetErrorCode(status), ErrorCode::kSerialization);
  return std::string(ErrorMessage(status));
}

TEST(Decoder, ReadsAPutRecord) {
  const ParsedBody body = Parsed(
      R"({"StreamName":"orders","Data":"cGFpZA==","PartitionKey":"k","DryRun":true,"Else":[1]})");
  Decoder decoder(body, WireFormat::kJson);
  PutRecordRequest request;
  ASSERT_TRUE(decoder.Decode(request).ok());
  EXPECT_EQ(request.stream_name, "orders");
  EXPECT_EQ(request.data, "paid");
  EXPECT_EQ(request.partition_key, "k");
  EXPECT_EQ(request.dry_run, true);
  EXPECT_FALSE(request.stream_arn.has_value());
}

TEST(Decoder, TellsEmptyDataFromNone) {
  const ParsedBody body =
      Parsed(R"({"Records":[{"Data":"","PartitionKey":"k"},{"Data":null,"PartitionKey":"k"},{}]})");
  Decoder decoder(body, WireFormat::kJson);
  PutRecordsRequest request;
  ASSERT_TRUE(decoder.Decode(request).ok());
  ASSERT_EQ(request.records.size(), 3U);
  EXPECT_EQ(request.records[0].data, "");
  EXPECT_FALSE(request.records[1].data.has_value());
  EXPECT_FALSE(request.records[2].data.has_value());
  EXPECT_EQ(Encoder(WireFormat::kJson).Encode(request),
            R"({"Records":[{"Data":"","PartitionKey":"k"},{"PartitionKey":"k"},{}]})");
}

TEST(Decoder, NullIsAbsent) {
  const ParsedBody body = Parsed(R"({"StreamName":null,"Limit":null,"NextToken":"t"})");
  Decoder decoder(body, WireFormat::kJson);
  ListStreamsRequest request;
  ASSERT_TRUE(decoder.Decode(request).ok());
  EXPECT_FALSE(request.limit.has_value());
  EXPECT_EQ(request.next_token, "t");
}

TEST(Decoder, NumbersLoseTheirFraction) {
  const ParsedBody body = Parsed(R"({"Limit":7.9})");
  Decoder decoder(body, WireFormat::kJson);
  ListStreamsRequest request;
  ASSERT_TRUE(decoder.Decode(request).ok());
  EXPECT_EQ(request.limit, 7);
}

TEST(Decoder, TimesAreWholeMillisecondsInEitherFormat) {
  const absl::Time time = absl::FromUnixMillis(1'789'780'204'376);
  const std::string cbor = PrintBody({{"Timestamp", 1'789'780'204'376}}, WireFormat::kCbor);
  for (const auto& [format, text] :
       {std::pair<WireFormat, std::string_view>(WireFormat::kJson,
                                                R"({"Timestamp":1789780204.376})"),
        std::pair<WireFormat, std::string_view>(WireFormat::kJson,
                                                R"({"Timestamp":1.789780204376E9})"),
        std::pair<WireFormat, std::string_view>(WireFormat::kCbor, cbor)}) {
    const absl::StatusOr<ParsedBody> body = ParseBody(text, format);
    ASSERT_TRUE(body.ok());
    Decoder decoder(*body, format);
    GetShardIteratorRequest request;
    ASSERT_TRUE(decoder.Decode(request).ok());
    EXPECT_EQ(request.timestamp, time);
    EXPECT_EQ(Encoder(format).Encode(request),
              format == WireFormat::kJson ? R"({"Timestamp":1789780204.376})" : cbor);
  }
}

TEST(Decoder, RefusesOtherTypesInTheServicesWords) {
  EXPECT_EQ(Refusal<PutRecordRequest>(R"({"StreamName":1})"),
            "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to "
            "an String");
  EXPECT_EQ(Refusal<PutRecordRequest>(R"({"StreamName":true})"),
            "class java.lang.Boolean can not be converted to an String");
  EXPECT_EQ(Refusal<PutRecordRequest>(R"({"StreamName":[]})"),
            "Start of list found where not expected");
  EXPECT_EQ(Refusal<PutRecordRequest>(R"({"StreamName":{}})"),
            "Start of structure or map found where not expected.");
  EXPECT_EQ(Refusal<ListStreamsRequest>(R"({"Limit":"1"})"),
            "class java.lang.String can not be converted to an Integer");
  EXPECT_EQ(Refusal<GetShardIteratorRequest>(R"({"Timestamp":"2026"})"),
            "class java.lang.String can not be converted to milliseconds since epoch");
  EXPECT_EQ(Refusal<PutRecordsRequest>(R"({"Records":"a"})"), "Expected list or null");
  EXPECT_EQ(Refusal<PutRecordsRequest>(R"({"Records":{}})"),
            "Start of structure or map found where not expected.");
  EXPECT_EQ(Refusal<PutRecordsRequest>(R"({"Records":["a"]})"), "Expected map or null");
  EXPECT_EQ(Refusal<CreateStreamRequest>(R"({"Tags":{"a":1}})"),
            "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to "
            "an String");
  EXPECT_EQ(Refusal<UpdateShardCountRequest>(R"({"ScalingType":5})"),
            "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to "
            "an String");
}

TEST(Decoder, RefusesWhatIsNoBase64) {
  const auto refusal = [](const std::string& data) {
    return Refusal<PutRecordRequest>(R"({"Data":")" + data + R"("})");
  };
  EXPECT_EQ(refusal(""), "");
  EXPECT_EQ(refusal("YQ=="), "");
  EXPECT_EQ(refusal("YQ"),
            "'YQ' can not be converted to a Blob: Base64 encoded length is expected a multiple of "
            "4 bytes but found: 2");
  EXPECT_EQ(refusal("YQ$="),
            "'YQ$=' can not be converted to a Blob: Invalid Base64 character: '$'");
  EXPECT_EQ(refusal("Y Q="),
            "'Y Q=' can not be converted to a Blob: Invalid Base64 character: ' '");
  EXPECT_EQ(refusal("Y==="),
            "'Y===' can not be converted to a Blob: Invalid Base64 character: '='");
  EXPECT_EQ(refusal("YQ==YQ=="),
            "'YQ==YQ==' can not be converted to a Blob: Invalid Base64 character: '='");
  EXPECT_EQ(refusal("YR=="),
            "'YR==' can not be converted to a Blob: Invalid last non-pad Base64 character "
            "dectected");
}

TEST(Decoder, NamesThatNoEnumeratorHasAreLeftToTheService) {
  const ParsedBody body =
      Parsed(R"({"ShardLevelMetrics":["IncomingBytes","Nonsense","Bytes","Nonsense"]})");
  Decoder decoder(body, WireFormat::kJson);
  EnableEnhancedMonitoringRequest request;
  ASSERT_TRUE(decoder.Decode(request).ok());
  EXPECT_EQ(
      request.shard_level_metrics,
      (std::vector<MetricsName>{MetricsName::kIncomingBytes, static_cast<MetricsName>(255),
                                static_cast<MetricsName>(254), static_cast<MetricsName>(255)}));
  EXPECT_EQ(decoder.unknown_names(),
            (std::map<int, std::string>{{254, "Bytes"}, {255, "Nonsense"}}));
}

TEST(Decoder, BatchesKeepWhatTheirRecordsShow) {
  GetRecordsResponse response;
  {
    const ParsedBody body = Parsed(
        R"({"Records":[{"SequenceNumber":"49671246667567228643283430150187087032206582658",
            "ApproximateArrivalTimestamp":1.5,"Data":"YWI=","PartitionKey":"k"}],
            "MillisBehindLatest":1000})");
    Decoder decoder(body, WireFormat::kJson);
    ASSERT_TRUE(decoder.Decode(response).ok());
  }
  ASSERT_EQ(response.records.size(), 1U);
  EXPECT_EQ(response.records[0].data, "ab");
  EXPECT_EQ(response.records[0].partition_key, "k");
  EXPECT_EQ(response.records[0].approximate_arrival_timestamp, absl::FromUnixMillis(1500));
  EXPECT_EQ(response.millis_behind_latest, 1000);
}

TEST(Encoder, LeavesOutWhatTheServiceLeavesOut) {
  const auto json = [](const auto& structure) {
    return ReadBody(Encoder(WireFormat::kJson).Encode(structure));
  };
  EXPECT_EQ(json(PutRecordResponse{.shard_id = {1}}).count("EncryptionType"), 0U);
  EXPECT_EQ(json(PutRecordResponse{.encryption_type = EncryptionType::kKms}).at("EncryptionType"),
            "KMS");
  EXPECT_EQ(json(StreamDescription{}).at("EncryptionType"), "NONE");
  EXPECT_EQ(json(GetRecordsResponse{}),
            Document({{"MillisBehindLatest", 0}, {"Records", Document::array()}}));
  EXPECT_EQ(
      json(PutRecordsResultEntry{.error_code = ErrorCode::kInternalFailure, .error_message = "m"}),
      Document({{"ErrorCode", "InternalFailure"}, {"ErrorMessage", "m"}}));
  EXPECT_EQ(json(PutRecordsResultEntry{.shard_id = {1}}).size(), 2U);
  EXPECT_EQ(json(CreateStreamRequest{.stream_name = "s"}), Document({{"StreamName", "s"}}));
}

// Of whatever texts, numbers and lengths.
TEST(BodyWriter, WritesWhatTheLibraryReads) {
  for (const WireFormat format : {WireFormat::kJson, WireFormat::kCbor}) {
    Document expected = Document::object();
    std::vector<std::pair<std::string, std::int64_t>> numbers;
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{23}, std::int64_t{24}, std::int64_t{255}, std::int64_t{256},
          std::int64_t{65'535}, std::int64_t{65'536}, std::int64_t{4'294'967'295},
          std::int64_t{4'294'967'296}, std::numeric_limits<std::int64_t>::max()}) {
      numbers.emplace_back("n" + std::to_string(number), number);
      numbers.emplace_back("m" + std::to_string(number), -1 - number);
    }
    std::vector<std::string> texts = {"quo\"te", "back\\slash", "line\n", "\x7f", "\xc3\xa4", ""};
    for (const std::size_t length : {23U, 24U, 255U, 256U, 65'535U, 65'536U})
      texts.emplace_back(length, 't');
    BodyWriter writer(format);
    writer.BeginObject(numbers.size() + 3);
    for (const auto& [name, number] : numbers) {
      writer.Name(name);
      writer.Integer(number);
      expected[name] = number;
    }
    writer.Name("tex\"ts");
    writer.BeginList(texts.size());
    for (const std::string& text : texts) writer.Text(text);
    writer.EndList();
    expected["tex\"ts"] = texts;
    writer.Name("none");
    writer.BeginList(0);
    writer.EndList();
    expected["none"] = Document::array();
    writer.Name("truths");
    writer.BeginList(2);
    writer.Bool(true);
    writer.Bool(false);
    writer.EndList();
    expected["truths"] = {true, false};
    writer.EndObject();
    EXPECT_TRUE(writer.faithful());
    EXPECT_EQ(ReadBody(writer.TakeBody(), format), expected);
  }
}

TEST(BodyWriter, TellsTextsThatItHadToAlter) {
  BodyWriter writer(WireFormat::kJson);
  writer.BeginObject(1);
  writer.Name("a");
  writer.Text("\xff");
  writer.EndObject();
  EXPECT_FALSE(writer.faithful());
  EXPECT_EQ(writer.TakeBody(), "{\"a\":\"\xef\xbf\xbd\"}");
}

TEST(Body, MustBeOneWholeObject) {
  for (const std::string_view body : {"", "{", "[]", "1", "{}x", "{\"a\":}", "nul", "\"a\""}) {
    const auto parsed = ParseBody(body, WireFormat::kJson);
    EXPECT_EQ(GetErrorCode(parsed.status()), ErrorCode::kSerialization) << body;
  }
  EXPECT_TRUE(ParseBody(" {} ", WireFormat::kJson).ok());
  EXPECT_EQ(GetErrorCode(ParseBody("", WireFormat::kCbor).status()), ErrorCode::kSerialization);
  EXPECT_TRUE(ParseBody("\xa0", WireFormat::kCbor).ok());
  EXPECT_FALSE(ParseBody("\xa0\xa0", WireFormat::kCbor).ok());
}

// The parser would not look behind it.
TEST(Body, ANulEndsNothing) {
  EXPECT_FALSE(ParseBody(std::string("{}\0 garbage", 11), WireFormat::kJson).ok());
}

TEST(Body, HasNoMoreValuesThanAnswersMayHave) {
  const auto with = [](int values) {
    std::string body = R"({"a":[0)";
    for (int i = 3; i < values; ++i) body += ",0";
    return body + "]}";
  };
  EXPECT_TRUE(ParseBody(with(kMostValues), WireFormat::kJson).ok());
  EXPECT_FALSE(ParseBody(with(kMostValues + 1), WireFormat::kJson).ok());
}

TEST(Body, NestsNoDeeperThanRequestsDo) {
  const auto nested = [](int depth) {
    return R"({"a":)" + std::string(static_cast<std::size_t>(depth - 1), '[') +
           std::string(static_cast<std::size_t>(depth - 1), ']') + "}";
  };
  EXPECT_TRUE(ParseBody(nested(kDeepestBody), WireFormat::kJson).ok());
  EXPECT_FALSE(ParseBody(nested(kDeepestBody + 1), WireFormat::kJson).ok());
  EXPECT_FALSE(ParseBody(nested(1'000'000), WireFormat::kJson).ok());
  // Lists, texts in parts, bytes in parts.
  for (const char head : {'\x81', '\x7f', '\x5f'}) {
    const std::string heads(1'000'000, head);
    EXPECT_FALSE(ParseBody(heads, WireFormat::kCbor).ok());
    EXPECT_FALSE(ParseBody("\xa1\x61\x61" + heads, WireFormat::kCbor).ok());
  }
}

TEST(Body, TextsMayComeInParts) {
  // {"a": ("b", "c"), "d": ()}
  const auto body =
      ParseBody("\xa2\x61\x61\x7f\x61\x62\x61\x63\xff\x61\x64\x7f\xff", WireFormat::kCbor);
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(DocumentOf(body->root()), Document({{"a", "bc"}, {"d", ""}}));
}

// A few bytes announce gigabytes.
TEST(Body, LengthsThatAreNotThereCostNothing) {
  using std::string_literals::operator""s;
  for (const std::string& body : {"\xbb\x00\x00\x00\xff\xff\xff\xff\xff"s,
                                  "\xa1\x61\x61\x9b\x00\x00\x00\xff\xff\xff\xff\xff"s,
                                  "\xa1\x61\x61\x5b\x00\x00\x00\xff\xff\xff\xff\xff"s,
                                  "\xa1\x61\x61\x7b\x7f\xff\xff\xff\xff\xff\xff\xff"s}) {
    EXPECT_FALSE(ParseBody(body, WireFormat::kCbor).ok());
  }
}

TEST(Body, CborThatIsCutOffOrOddIsRefused) {
  using std::string_literals::operator""s;
  for (const std::string& body :
       {"\xa0\x1a"s, "\xa0\x61"s, "\xa0\xc1"s, "\xa1\x61\x61\xdf\x01"s, "\xa1\x61\x61\xc1"s,
        "\xa1\x61\x61\x1a\x00"s, "\xa1\x61\x61\x62\x61"s}) {
    EXPECT_EQ(GetErrorCode(ParseBody(body, WireFormat::kCbor).status()), ErrorCode::kSerialization)
        << testing::PrintToString(body);
  }
}

// Nothing but quotes: an empty text every two bytes.
TEST(Body, HasNoMoreTextsCutOutThanItMayHave) {
  const std::string quotes(16 << 20, '"');
  EXPECT_LE(Shorten(quotes).texts.size(), std::size_t{2 * kMostValues});
  EXPECT_FALSE(ParseBody(quotes, WireFormat::kJson).ok());
}

TEST(Decoder, TheLastOfEqualNamesCounts) {
  const ParsedBody body = Parsed(
      R"({"StreamName":"first","StreamName":"last","Tags":{"a":"1","b":"2","a":null,"b":"3"}})");
  Decoder decoder(body, WireFormat::kJson);
  CreateStreamRequest request;
  ASSERT_TRUE(decoder.Decode(request).ok());
  EXPECT_EQ(request.stream_name, "last");
  EXPECT_EQ(request.tags, (std::map<std::string, std::string>{{"b", "3"}}));
}

TEST(Body, CborMayTagItsTimes) {
  using std::string_literals::operator""s;
  // {"Timestamp": 1(1500)}
  const std::string cbor = "\xa1\x69Timestamp\xc1\x19\x05\xdc"s;
  const auto body = ParseBody(cbor, WireFormat::kCbor);
  ASSERT_TRUE(body.ok());
  Decoder decoder(*body, WireFormat::kCbor);
  GetShardIteratorRequest request;
  ASSERT_TRUE(decoder.Decode(request).ok());
  EXPECT_EQ(request.timestamp, absl::FromUnixMillis(1500));
}

// --- All structures.

// The members of the structures of the model, and what they are: a structure, or nothing.
class Model {
 public:
  using Names = std::map<std::string, std::string>;

  Model() : model_(Read("service-2.json")), delta_(Read("model-delta-2026-09.json")) {}

  Names Input(std::string_view operation) const { return Of(operation, "input"); }
  Names Output(std::string_view operation) const { return Of(operation, "output"); }
  Names Structure(const std::string& name) const {
    if (delta_.at("newStructures").contains(name))
      return OfDelta(delta_.at("newStructures").at(name));
    Names names;
    for (const auto& [member, type] : model_.at("shapes").at(name).at("members").items())
      names[member] = StructureIn(type.at("shape"));
    if (delta_.at("changedStructures").contains(name)) {
      for (const auto& [member, type] :
           delta_.at("changedStructures").at(name).at("membersAdded").items()) {
        names[member] = "";
      }
    }
    return names;
  }

 private:
  static nlohmann::json Read(const std::string& name) {
    std::ifstream file(RIACHO_SOURCE_DIR "/tests/data/kinesis/" + name);
    return nlohmann::json::parse(file);
  }
  Names Of(std::string_view operation, const std::string& which) const {
    const std::string name(operation);
    if (delta_.at("newOperations").contains(name))
      return OfDelta(delta_.at("newOperations").at(name).at(which));
    const auto& shape = model_.at("operations").at(name);
    if (!shape.contains(which)) return {};
    return Structure(shape.at(which).at("shape"));
  }
  Names OfDelta(const nlohmann::json& members) const {
    Names names;
    for (const auto& [member, description] : members.items()) {
      const std::string type = description.at("type");
      const auto& lists = delta_.at("lists");
      const std::string element = lists.contains(type) ? std::string(lists.at(type)) : type;
      names[member] = delta_.at("newStructures").contains(element) ? element : "";
    }
    return names;
  }
  // The structure that the shape is, or is a list of.
  std::string StructureIn(const std::string& name) const {
    const auto& shape = model_.at("shapes").at(name);
    if (shape.at("type") == "list") return StructureIn(shape.at("member").at("shape"));
    return shape.at("type") == "structure" ? name : "";
  }

  const nlohmann::json model_;
  const nlohmann::json delta_;
};

template <typename Type>
struct Inner {
  using type = Type;
};
template <typename Type>
requires requires { typename Type::value_type; }
struct Inner<Type> {
  using type = std::remove_cv_t<typename Type::value_type>;
};

template <typename Structure>
void ExpectMembers(const Model& model, const Model::Names& expected, const std::string& of) {
  std::set<std::string> names;
  std::apply(
      [&](const auto&... row) {
        [[maybe_unused]] const auto look =
            [&]<typename Type>(const MemberRow<Structure, Type>& member) {
              const std::string name(member.name);
              EXPECT_TRUE(names.insert(name).second) << of << '.' << name;
              using Nested = typename Inner<Type>::type;
              if constexpr (HasMembers<Nested> && !std::is_same_v<Nested, std::string>) {
                const auto found = expected.find(name);
                ASSERT_TRUE(found != expected.end() && !found->second.empty()) << of << '.' << name;
                ExpectMembers<Nested>(model, model.Structure(found->second), found->second);
              }
            };
        (look(row), ...);
      },
      Members<Structure>::kRows);
  std::set<std::string> wanted;
  for (const auto& [name, structure] : expected) wanted.insert(name);
  EXPECT_EQ(names, wanted) << of;
}

TEST(Members, AreThoseOfTheModel) {
  const Model model;
  ForEachRequest([&](auto method) {
    using Request = RequestOf<decltype(method)>;
    const std::string operation(OperationName(Request::kOperation));
    ExpectMembers<Request>(model, model.Input(operation), operation + " request");
    if constexpr (!std::is_same_v<Request, SubscribeToShardRequest>) {
      using Response = typename Request::Response;
      ExpectMembers<Response>(model, model.Output(operation), operation + " response");
    }
  });
  ExpectMembers<SubscribeToShardEvent>(model, model.Structure("SubscribeToShardEvent"),
                                       "SubscribeToShardEvent");
}

// Gives every member a value of its own.
class Filler {
 public:
  template <HasMembers Structure>
  void Fill(Structure& structure) {
    std::apply([&](const auto&... row) { (Fill(structure.*row.member), ...); },
               Members<Structure>::kRows);
  }
  template <typename Type>
  void Fill(std::optional<Type>& member) {
    Fill(member.emplace());
  }
  template <typename Element, typename Allocator>
  void Fill(std::vector<Element, Allocator>& list) {
    list.resize(2);
    for (Element& element : list) Fill(element);
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void Fill(Enum& value) { value = static_cast<Enum>(0); }
  void Fill(std::string& text) { text = "text \xc3\xbc \" " + std::to_string(++count_); }
  void Fill(std::string_view& text) {
    Fill(texts_.emplace_back());
    text = texts_.back();
  }
  void Fill(std::int64_t& number) { number = ++count_; }
  void Fill(int& number) { number = static_cast<int>(++count_); }
  void Fill(bool& truth) { truth = true; }
  void Fill(absl::Time& time) { time = absl::FromUnixMillis(1'789'780'204'000 + ++count_); }
  void Fill(ShardId& shard) { shard.number = static_cast<std::uint32_t>(++count_); }
  void Fill(HashKey& key) { key.value = static_cast<std::uint64_t>(++count_); }
  void Fill(SequenceNumber& number) {
    number = SequenceNumber::Of({.shard_create_seconds = 1'767'225'600,
                                 .index = static_cast<std::uint64_t>(++count_),
                                 .time_seconds = 1'767'225'601,
                                 .shard_number = 1});
  }
  void Fill(std::map<std::string, std::string>& map) {
    map = {{"a", "1"}, {"b", std::to_string(++count_)}};
  }
  void Fill(std::span<const PutRecordsRequestEntry>& entries) {
    Fill(entries_);
    entries = entries_;
  }
  void Fill(RecordBatch& batch) {
    for (int i = 0; i < 3; ++i) {
      Record record;
      Fill(record.sequence_number);
      Fill(record.approximate_arrival_timestamp);
      Fill(record.data);
      Fill(record.partition_key);
      record.encryption_type = i == 0 ? EncryptionType::kNone : EncryptionType::kKms;
      batch.Add(record);
    }
  }

 private:
  std::int64_t count_ = 0;
  std::deque<std::string> texts_;
  std::vector<PutRecordsRequestEntry> entries_;
};

template <typename Structure>
void ExpectRoundTrip(WireFormat format, std::string_view name) {
  Structure structure;
  Filler filler;
  filler.Fill(structure);
  const std::string written = Encoder(format).Encode(structure);
  const Document document = ReadBody(written, format);
  ASSERT_TRUE(document.is_object()) << name;
  const auto parsed = ParseBody(written, format);
  ASSERT_TRUE(parsed.ok()) << name;
  EXPECT_EQ(DocumentOf(parsed->root()), document) << name;
  Structure read;
  Decoder decoder(*parsed, format);
  const absl::Status status = decoder.Decode(read);
  ASSERT_TRUE(status.ok()) << name << ": " << status;
  EXPECT_EQ(Encoder(format).Encode(read), written) << name;
}

TEST(Codec, BringsEveryMemberOfEveryStructureBack) {
  for (const WireFormat format : {WireFormat::kJson, WireFormat::kCbor}) {
    ForEachRequest([&](auto method) {
      using Request = RequestOf<decltype(method)>;
      ExpectRoundTrip<Request>(format, OperationName(Request::kOperation));
      if constexpr (!std::is_same_v<Request, SubscribeToShardRequest>)
        ExpectRoundTrip<typename Request::Response>(format, OperationName(Request::kOperation));
    });
    ExpectRoundTrip<SubscribeToShardEvent>(format, "SubscribeToShardEvent");
  }
}

}  // namespace
}  // namespace riacho::internal
