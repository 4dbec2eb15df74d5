#include <mutex>

#include <fmt/format.h>

#include "cli/deploy_view.h"
#include "core/wire/json_text.h"

namespace comments::cli {
namespace {

class DeployJson : public ops::Teller {
 public:
  explicit DeployJson(std::ostream& out) : out_(out) {}

  void tell(const ops::Event& event) override {
    std::string line = R"({"event":)";
    append_json_string(line, word_of(event.kind));
    line += fmt::format(R"(,"format":1,"seconds":{:.3f},"step":)", event.seconds);
    append_json_string(line, event.step);
    line += R"(,"text":)";
    append_json_string(line, event.text);
    out_ << line << "}" << std::endl;  // whoever reads along shall not wait
  }

 private:
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<ops::Teller> make_deploy_json(const Io& io) {
  return std::make_unique<DeployJson>(io.out);
}

}  // namespace comments::cli
