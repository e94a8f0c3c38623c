package redact_test

import (
	"regexp"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

// A person's names and patterns mask as the built-in ones do, and only once.
func TestRules(t *testing.T) {
	t.Parallel()
	rules := redact.Rules{
		Names:    []string{"Tax_No", "x-customer"},
		Patterns: []*regexp.Regexp{regexp.MustCompile(`CUST-\d+`), regexp.MustCompile(`ref (\w+)`), regexp.MustCompile(`[a-z]+ed\b`)},
	}
	for name, tt := range map[string]struct{ in, want string }{
		"member":         {`{"taxNo":"12","tax":"13"}`, `{"taxNo":"[redacted]","tax":"13"}`},
		"parameter":      {`https://h.io/?tax-no=12&b=CUST-77`, `https://h.io/?tax-no=[redacted]&b=[redacted]`},
		"escaped":        {`https://h.io/?a=x%20CUST-77`, `https://h.io/?a=x+[redacted]`},
		"in JSON":        {`{"a":"\u0043UST-77"}`, `{"a":"[redacted]"}`},
		"first group":    {`ref abc, ref def`, `ref [redacted], ref [redacted]`},
		"touches a mask": {`mixed [redacted]`, `[redacted] [redacted]`},
	} {
		got, changed := redact.New().With(rules).Text(tt.in)
		if got != tt.want || !changed {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
		if again, changed := redact.New().With(rules).Text(got); changed {
			t.Errorf("%s: masked again: got %s, was %s", name, again, got)
		}
	}
	if got, _ := redact.New().With(rules).Header("X-Customer", "12"); got != redact.Mask {
		t.Errorf("header: got %s", got)
	}
}
