// The part of SideBySide that attaches policies to streams and consumers.
#include "model_based/side_by_side.h"

namespace riacho::model_based {

void SideBySide::PutPolicy() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  PutResourcePolicyRequest request = {.resource_arn = choices_.ResourceArn(stream.get())};
  std::optional<NaivePolicy> meaning = choices_.ResourcePolicy(*request.resource_arn, callers_);
  request.policy = meaning->ToJson();
  if (choices_.OneIn(3)) request.policy->insert(1, " \n ");
  if (choices_.OneIn(20)) {
    meaning.reset();
    request.policy = choices_.OneOf<std::string>(
        {"", "no JSON", "{}", R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})"});
  }
  if (choices_.OneIn(60)) request.policy.reset();
  Say("PutResourcePolicy ", request.resource_arn, " ", request.policy);
  BothOk(client_->PutResourcePolicy(request),
         reference_.PutResourcePolicy(request, meaning, now_nanos_));
}

void SideBySide::GetPolicy() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const GetResourcePolicyRequest request = {.resource_arn = choices_.ResourceArn(stream.get())};
  Say("GetResourcePolicy ", request.resource_arn);
  const auto engine = client_->GetResourcePolicy(request);
  const auto reference = reference_.GetResourcePolicy(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("policy", engine->policy, reference.value);
  if (engine->policy != "{}") last_answer_ = "a policy";
}

void SideBySide::DeletePolicy() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const DeleteResourcePolicyRequest request = {.resource_arn = choices_.ResourceArn(stream.get())};
  Say("DeleteResourcePolicy ", request.resource_arn);
  BothOk(client_->DeleteResourcePolicy(request),
         reference_.DeleteResourcePolicy(request, now_nanos_));
}

}  // namespace riacho::model_based
