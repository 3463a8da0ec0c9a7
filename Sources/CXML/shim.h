// Newer versions mark members of the parser's struct as deprecated that older ones have no functions for.
#define XML_DEPRECATED_MEMBER
#include <libxml/xmlversion.h>
// Where libxml2 was built with ICU its headers pull in the system's, which clash with Foundation's own
// copy. What depends on it is only the inside of xmlCharEncodingHandler, which nobody here looks at.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/globals.h>
