// Catch2, version 3 where it is there, else 2; tests stay in what both have. Assertions are not
// thread-safe: worker threads collect, the test's own thread checks.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
