package diagnose

import (
	"regexp"
	"sync"
)

// lazy is a regular expression that is compiled when it is first used: the whole
// vocabulary would cost the start of the program 2 ms.
type lazy func() *regexp.Regexp

func pattern(text string) lazy {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
