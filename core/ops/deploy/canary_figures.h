// What a canary's verdict is made of, asked in PromQL: the application's own metrics, and those of
// Cloud Run's front, which also sees the requests of an instance that crashed.
#pragma once

#include <map>
#include <span>
#include <string>

#include "core/ops/cloud/promql.h"
#include "core/ops/deploy/verdict.h"

namespace comments::ops {

struct CanaryQueries {
  std::string requests;  // by revision_name
  std::string errors;
  std::string p99;
  std::string front;  // by revision_name and response_code_class
};

// Over the last `seconds`.
CanaryQueries canary_queries(const std::string& service, int seconds);

struct CanaryAnswers {
  std::vector<Answer> requests;
  std::vector<Answer> errors;
  std::vector<Answer> p99;
  std::vector<Answer> front;
};

// Of the one revision, by whichever has seen more errors: application or front.
RevisionFigures figures_of_revision(const CanaryAnswers& answers, const std::string& revision);

}  // namespace comments::ops
