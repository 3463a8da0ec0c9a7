// Newer versions mark members of the parser's struct as deprecated that older ones have no functions for.
#define XML_DEPRECATED_MEMBER
#include <libxml/parser.h>
#include <libxml/globals.h>
