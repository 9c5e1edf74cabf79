# riacho::nghttp2: the C library of HTTP/2, which has no CMake package of its own. Installed, since users of a static riacho::wire
# link it too.

find_path(RIACHO_NGHTTP2_INCLUDE_DIR nghttp2/nghttp2.h)
find_library(RIACHO_NGHTTP2_LIBRARY nghttp2)
mark_as_advanced(RIACHO_NGHTTP2_INCLUDE_DIR RIACHO_NGHTTP2_LIBRARY)
if(RIACHO_NGHTTP2_INCLUDE_DIR
   AND RIACHO_NGHTTP2_LIBRARY
   AND NOT TARGET riacho::nghttp2)
  add_library(riacho::nghttp2 UNKNOWN IMPORTED)
  set_target_properties(riacho::nghttp2 PROPERTIES IMPORTED_LOCATION ${RIACHO_NGHTTP2_LIBRARY}
                                                   INTERFACE_INCLUDE_DIRECTORIES ${RIACHO_NGHTTP2_INCLUDE_DIR})
endif()
