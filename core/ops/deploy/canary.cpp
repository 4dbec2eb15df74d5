// Readers, a few at first. Each step is watched; what is not surely good is not promoted.
#include <algorithm>

#include <fmt/format.h>

#include "core/ops/deploy/canary_figures.h"
#include "core/ops/deploy/steps.h"
#include "core/ops/deploy/synthetic.h"
#include "core/ops/prometheus.h"

namespace comments::ops::steps {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestLook{15'000};
constexpr milliseconds kShortestLook{1'000};

milliseconds look_pause(const CanarySettings& canary) {
  return std::clamp(canary.bake / 10, kShortestLook, kLongestLook);
}

// The queries' answers, or why there are none.
Result<CanaryAnswers> ask_all(Prometheus& prometheus, const std::string& service, int seconds) {
  const auto queries = canary_queries(service, seconds);
  CanaryAnswers answers;
  for (auto [query, answer] : {std::pair{&queries.requests, &answers.requests},
                               {&queries.errors, &answers.errors},
                               {&queries.p99, &answers.p99},
                               {&queries.front, &answers.front}}) {
    auto series = prometheus.ask(*query);
    if (!series) {
      return series.error();
    }
    *answer = *std::move(series);
  }
  return answers;
}

// One step of the canary while it is watched.
class Watch {
 public:
  Watch(Release& release, Prometheus& prometheus)
      : release_(release),
        prometheus_(prometheus),
        canary_(release.settings.canary),
        stable_(stable_revision(release.progress.before.split)),
        began_(release.world.time.now()) {}

  StepResult until_decided() {
    for (;;) {
      if (!release_.world.time.sleep(look_pause(canary_))) {
        return failed("interrupted", Ending::interrupted);
      }
      const auto judgement = look();
      if (is_interrupted_ || prometheus_.was_interrupted()) {
        return failed("interrupted", Ending::interrupted);
      }
      const auto elapsed = release_.world.time.now() - began_;
      release_.tell(Event::Kind::progress, judgement.reason);
      if (judgement.verdict == CanaryVerdict::bad) {
        return failed(judgement.reason);
      }
      if (judgement.verdict == CanaryVerdict::good && elapsed >= canary_.bake) {
        return done(judgement.reason);
      }
      if (elapsed >= std::max(canary_.bake, canary_.patience)) {
        return held("undecided: " + judgement.reason);
      }
    }
  }

 private:
  Judgement look() {
    const auto elapsed = release_.world.time.now() - began_;
    const auto seconds = std::max<std::int64_t>(
        1, std::chrono::duration_cast<std::chrono::seconds>(elapsed).count());
    const auto answers = ask_all(prometheus_, release_.settings.service, static_cast<int>(seconds));
    if (!answers) {
      return {CanaryVerdict::inconclusive, "nobody has figures: " + answers.error().message};
    }
    auto candidate = figures_of_revision(*answers, release_.progress.candidate);
    auto stable = figures_of_revision(*answers, stable_);
    if (elapsed >= canary_.bake && candidate.requests < canary_.minimum_requests &&
        canary_.synthetic_probes) {
      candidate = with_probes(candidate, release_.candidate_url, candidate_probes_);
      if (!is_interrupted_) {
        stable = with_probes(stable, release_.settings.url, stable_probes_);
      }
    }
    return judge(canary_, candidate, stable);
  }

  // Both are measured from here, and alike: only so can they be compared.
  RevisionFigures with_probes(RevisionFigures figures, const std::string& url,
                              std::optional<RevisionFigures>& probes) {
    if (!probes && !is_interrupted_) {
      release_.tell(Event::Kind::note, fmt::format("too few readers: {} requests of our own to {}",
                                                   canary_.minimum_requests, url));
      probes = probe(release_.world, url, "_probe-" + release_.commit.substr(0, 12),
                     canary_.minimum_requests);
    }
    if (!probes) {
      is_interrupted_ = true;
      return figures;
    }
    figures.requests += probes->requests;
    figures.errors += probes->errors;
    figures.p99 = probes->p99;
    return figures;
  }

  Release& release_;
  Prometheus& prometheus_;
  const CanarySettings& canary_;
  const std::string stable_;
  const Timestamp began_;
  bool is_interrupted_ = false;
  std::optional<RevisionFigures> candidate_probes_;
  std::optional<RevisionFigures> stable_probes_;
};

std::optional<StepResult> move(Release& release, int percent) {
  const auto& settings = release.settings;
  const auto split =
      with_candidate(release.progress.before.split, release.progress.candidate, percent);
  const auto command = gcloud::move_traffic(settings.place, settings.service, split);
  const auto outcome = release.ask(command);
  if (!outcome.ok()) {
    return release.failure(command, outcome);
  }
  release.tell(Event::Kind::progress, "traffic: " + split_text(split));
  return std::nullopt;
}

}  // namespace

StepResult canary(Release& release) {
  auto& progress = release.progress;
  const auto& before = progress.before;
  std::vector<int> percents = release.settings.canary.steps;
  if (!before.exists || stable_revision(before.split) == progress.candidate) {
    percents = {100};  // nobody to compare it with
  }
  Prometheus prometheus(release.settings.prometheus, release.world.web,
                        [&release](const Command& command) { return release.ask(command); });
  // deploy.toml may have fewer steps by now, and the last one has still to be taken.
  const auto last = static_cast<int>(percents.size()) - 1;
  for (auto i = static_cast<std::size_t>(std::clamp(progress.canary_step, 0, last));
       i < percents.size(); ++i) {
    progress.canary_step = static_cast<int>(i);
    if (auto fault = release.advance(Phase::canary)) {
      return *fault;
    }
    if (auto fault = move(release, percents[i])) {
      return *fault;
    }
    if (percents[i] == 100) {
      break;
    }
    auto result = Watch(release, prometheus).until_decided();
    if (result.kind != StepResult::Kind::done) {
      result.text = fmt::format("at {} %: {}", percents[i], result.text);
      return result;
    }
    progress.verdict +=
        fmt::format("{}{} %: {}", progress.verdict.empty() ? "" : "; ", percents[i], result.text);
    release.tell(Event::Kind::note, fmt::format("good at {} %: {}", percents[i], result.text));
  }
  return done("all readers have " + progress.candidate);
}

}  // namespace comments::ops::steps

namespace comments::ops::scripts {

void canary(Script& script) {
  const auto& settings = script.settings;
  for (const auto percent : settings.canary.steps) {
    script.write_lock();
    script.move_traffic(with_candidate({{kServing, 100}}, kRevision, percent));
    if (percent < 100) {
      script.note(fmt::format(
          "watched for {} s and longer, in {}",
          std::chrono::duration<double>(settings.canary.bake).count(),
          settings.prometheus.empty() ? "nothing: no prometheus is named" : settings.prometheus));
    }
  }
}

}  // namespace comments::ops::scripts
