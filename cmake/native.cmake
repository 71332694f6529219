# Settings and functions of all native code: the standards, the options, and one function for each kind of
# target. Included by the root list, and by a library that is configured alone.
include_guard(GLOBAL)

set(CMAKE_C_STANDARD 11)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
# Programs lie side by side at the top of the build folder, where scripts and tests look for them.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

option(HYPERSLAB_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(HYPERSLAB_TESTS "Build the test programs: target native_tests" OFF)
option(HYPERSLAB_FUZZ "Build the fuzz programs that draw their cases from a seed: target fuzz" OFF)
option(HYPERSLAB_GUIDED_FUZZ "Build the fuzz programs that libFuzzer guides, with clang: target guided_fuzz" OFF)
option(HYPERSLAB_BENCH "Build the benchmark of deflate encoders: target deflate_bench" OFF)

if(HYPERSLAB_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -g)
  # Lets the sanitizer see accesses between the size and the capacity of a vector.
  add_compile_definitions(_GLIBCXX_SANITIZE_VECTOR)
  add_link_options(-fsanitize=address,undefined)
endif()

get_filename_component(NATIVE_FOLDER ${CMAKE_CURRENT_LIST_DIR}/../native ABSOLUTE)

# Adds one folder of native/, unless it was added before.
macro(native_folder name)
  get_property(native_added GLOBAL PROPERTY NATIVE_ADDED_${name})
  if(NOT native_added)
    set_property(GLOBAL PROPERTY NATIVE_ADDED_${name} TRUE)
    add_subdirectory(${NATIVE_FOLDER}/${name} ${CMAKE_BINARY_DIR}/native/${name})
  endif()
endmacro()

# Lets the target, and what links it, include the headers of this folder as "FOLDER/header.h". The include
# path holds nothing but a link to the folder, so that a library sees the libraries that it links and no
# others.
function(native_headers target scope)
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  set(include ${CMAKE_BINARY_DIR}/include/${folder})
  file(MAKE_DIRECTORY ${include})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include}/${folder} SYMBOLIC)
  target_include_directories(${target} ${scope} ${include})
endfunction()

# native_library(NAME SOURCES…): a static library of this folder.
function(native_library name)
  add_library(${name} STATIC ${ARGN})
  native_headers(${name} PUBLIC)
  target_compile_options(${name} PRIVATE -Wall -Wextra)
  if(HYPERSLAB_GUIDED_FUZZ)
    native_guided(${name})
  endif()
endfunction()

# native_program(GROUP NAME SOURCE LIBRARIES…): an executable that the target GROUP builds.
function(native_program group name source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE ${ARGN})
  target_compile_options(${name} PRIVATE -Wall -Wextra)
  if(NOT TARGET ${group})
    add_custom_target(${group})
  endif()
  add_dependencies(${group} ${name})
endfunction()

# native_test(NAME SOURCE LIBRARIES…)
function(native_test)
  if(HYPERSLAB_TESTS)
    native_folder(testing)
    native_program(native_tests ${ARGN} testing)
  endif()
endfunction()

# native_fuzzer(NAME SOURCE LIBRARIES…): a fuzz program that draws its cases from a seed.
function(native_fuzzer)
  if(HYPERSLAB_FUZZ)
    native_folder(testing)
    native_program(fuzz ${ARGN} testing)
  endif()
endfunction()

# native_guided_fuzzer(NAME SOURCE SEEDS LIBRARIES…): a fuzz program that libFuzzer guides, and NAME_seeds, the
# program that writes its first inputs.
function(native_guided_fuzzer name source seeds)
  if(HYPERSLAB_GUIDED_FUZZ)
    native_folder(testing)
    native_program(guided_fuzz ${name} ${source} ${ARGN} testing)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    native_guided(${name})
    native_program(guided_fuzz ${name}_seeds ${seeds} ${ARGN} testing)
  endif()
endfunction()

# Inputs only describe data, so tracing what data are compared with is slow and leads nowhere.
function(native_guided target)
  target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link
    -fno-sanitize-coverage=trace-cmp -fno-sanitize-recover=undefined)
endfunction()

# zlib, which only tests, fuzzers and benchmarks compare with.
macro(need_zlib)
  find_package(ZLIB)
  if(NOT ZLIB_FOUND)
    message(FATAL_ERROR "zlib was not found: install zlib1g-dev (apt) or zlib-devel (dnf)")
  endif()
endmacro()
