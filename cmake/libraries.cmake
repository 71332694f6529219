# Finds libhdf5, libdeflate and libxxhash. The addon and the set-up's probe both include this file, so the
# probe finds what the build will find.
#
# Sets for each (HDF5, LIBDEFLATE, XXHASH): <name>_FOUND, <name>_VERSION where it is known, <name>_TARGET to
# link with, and <name>_FILES, the headers and libraries themselves.

include(${CMAKE_CURRENT_LIST_DIR}/find_native.cmake)

# pkg-config first: the find module of some CMake versions and the packages of some systems do not
# agree. The serial package first: where both are installed, the plain one may be the MPI build.
if(PKG_CONFIG_FOUND AND NOT DEFINED HDF5_ROOT AND NOT DEFINED ENV{HDF5_ROOT})
  pkg_search_module(HDF5_PC IMPORTED_TARGET hdf5-serial hdf5_serial hdf5)
endif()
if(HDF5_PC_FOUND)
  set(HDF5_FOUND TRUE)
  set(HDF5_VERSION ${HDF5_PC_VERSION})
  set(HDF5_TARGET PkgConfig::HDF5_PC)
  set(HDF5_FILES ${HDF5_PC_LINK_LIBRARIES})
  set(HDF5_HEADERS ${HDF5_PC_INCLUDEDIR} ${HDF5_PC_INCLUDE_DIRS})
else()
  set(HDF5_PREFER_PARALLEL OFF)
  find_package(HDF5 COMPONENTS C)
  if(HDF5_FOUND)
    add_library(native_hdf5 INTERFACE IMPORTED)
    target_include_directories(native_hdf5 INTERFACE ${HDF5_INCLUDE_DIRS})
    target_link_libraries(native_hdf5 INTERFACE ${HDF5_LIBRARIES})
    set(HDF5_TARGET native_hdf5)
    set(HDF5_HEADERS ${HDF5_INCLUDE_DIRS})
    foreach(library ${HDF5_LIBRARIES})
      if(TARGET ${library})
        list(APPEND HDF5_FILES $<TARGET_FILE:${library}>)
      else()
        list(APPEND HDF5_FILES ${library})
      endif()
    endforeach()
  endif()
endif()
foreach(folder ${HDF5_HEADERS})
  list(APPEND HDF5_FILES ${folder}/H5public.h ${folder}/H5pubconf.h)
endforeach()

find_native(LIBDEFLATE libdeflate libdeflate.h deflate)

# XXH3 is stable since 0.8.
find_native(XXHASH libxxhash>=0.8 xxhash.h xxhash)
