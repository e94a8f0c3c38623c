package compare

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// noisyNames are members whose values differ in any two answers, by their last
// word: created_at, nextCursor, request_id.
var noisyNames = []string{
	"id", "uid", "gid", "uuid", "guid", "ts", "at", "timestamp", "date", "created", "updated", "modified", "expires", "etag", "cursor",
	"token", "nonce", "hash", "sha", "signature",
}

// noisyHeaders likewise.
var noisyHeaders = []string{
	"Date", "Age", "Etag", "Expires", "Last-Modified", "Set-Cookie", "Cf-Ray", "Via", "Content-Length", "Server-Timing", "Nel", "Report-To",
}

func noisyHeader(name string) bool {
	low := strings.ToLower(name)
	return slices.Contains(noisyHeaders, name) || strings.HasSuffix(low, "-id") || strings.Contains(low, "request-id") || strings.Contains(low, "trace") ||
		strings.Contains(low, "ratelimit") || strings.Contains(low, "runtime") || strings.Contains(low, "-time")
}

// passing matches values that are made anew for each answer or record: UUIDs, times
// and days, long hexadecimal and mixed ids.
var passing = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:` + strings.Join([]string{
		`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`,
		`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?`,
		`[0-9a-fA-F]{16,}`,
		`1[0-9]{9}(?:[0-9]{3})?(?:\.\d+)?`, // seconds or milliseconds since 1970
		`[0-9A-HJKMNP-TV-Z]{26}`,           // ULID
	}, "|") + `)$`)
})

// noisy reports that two values of a member say nothing by their difference.
func noisy(key, left, right string) bool {
	name, _, _ := strings.Cut(key, " ") // the second of a name is "id (2)"
	if slices.Contains(noisyNames, lastWord(name)) {
		return true
	}
	return passing().MatchString(left) && passing().MatchString(right)
}

// lastWord is the last word of created_at, createdAt and created-at, in lower case.
func lastWord(name string) string {
	end := len(name)
	for i := end - 1; i > 0; i-- {
		switch c, before := name[i], name[i-1]; {
		case c == '_' || c == '-' || c == '.':
			return strings.ToLower(name[i+1:])
		case c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z':
			return strings.ToLower(name[i:])
		}
	}
	return strings.ToLower(name)
}
