#pragma once
// Before every suite, precompiled once for all of them: they all need Qt Test, which takes longer to read than most
// suites to compile.

#include <QTemporaryDir>
#include <QtTest>
#ifdef QT_WIDGETS_LIB
#include <QtWidgets>
#endif
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

// What a test waits for comes in milliseconds, but training threads have the lowest priority, and a busy machine may
// keep them waiting. A wait that is fulfilled ends at once, however long it may be.
#undef QTRY_VERIFY
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT((expression), 60000)
#undef QTRY_COMPARE
#define QTRY_COMPARE(expression, expected) QTRY_COMPARE_WITH_TIMEOUT((expression), (expected), 60000)
