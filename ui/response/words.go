package response

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/connectty/connectty/internal/visible"
)

// explained is how long a value may be to be looked at.
const explained = 4 << 10

// inWords explains the value under the cursor: a time, or what a JSON web token says;
// empty for anything else.
func (m *Model) inWords() string {
	from, to, ok := m.doc.Scalar(m.at())
	if !ok || to-from > explained || to-from < 3 {
		return ""
	}
	raw, err := io.ReadAll(m.doc.Section(from, to))
	if err != nil {
		return ""
	}
	var text string
	if raw[0] == '"' {
		if json.Unmarshal(raw, &text) != nil {
			return ""
		}
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return m.moment(at)
		}
	} else {
		text = string(raw)
	}
	if at, ok := unix(text); ok {
		return m.moment(at)
	}
	return m.token(text)
}

// digits are what a time since 1970 looks like, in seconds, milliseconds or with a
// fraction, from 2001 to 2096.
var digits = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([1-3]\d{9})(\d{3})?(\.\d{1,9})?$`) })

// unix reads a time since 1970.
func unix(text string) (time.Time, bool) {
	part := digits().FindStringSubmatch(text)
	if part == nil {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseInt(part[1], 10, 64)
	return time.Unix(seconds, 0), err == nil
}

// moment is a point in time, and how far it is from the answer's.
func (m *Model) moment(at time.Time) string {
	text := at.UTC().Format("Mon 2 Jan 2006 15:04:05") + " UTC"
	start := m.exchange.StartedAt
	if start.IsZero() {
		return text
	}
	d := at.Sub(start).Round(time.Second)
	switch {
	case d.Abs() < time.Minute:
		return text + ", when it was asked"
	case d < 0:
		return text + ", " + far(-d) + " before it was asked"
	}
	return text + ", " + far(d) + " after it was asked"
}

// far is a length of time in its largest unit.
func far(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 2*day:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d < 2*365*day:
		return fmt.Sprintf("%d days", int(d/day))
	}
	return fmt.Sprintf("%d years", int(d/(365*day)))
}

// token says what a JSON web token says of itself; nobody has checked its signature.
func (m *Model) token(text string) string {
	parts := strings.Split(strings.TrimPrefix(text, "Bearer "), ".")
	if len(parts) != 3 || !strings.HasPrefix(parts[0], "eyJ") {
		return ""
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	var said struct {
		Issuer  string  `json:"iss"`
		Subject string  `json:"sub"`
		Expires float64 `json:"exp"`
	}
	if json.Unmarshal(claims, &said) != nil {
		return ""
	}
	words := "a web token, unchecked"
	if said.Subject != "" {
		words += " · of " + visible.Line(said.Subject)
	}
	if said.Issuer != "" {
		words += " · by " + visible.Line(said.Issuer)
	}
	if said.Expires > 0 {
		words += " · ends " + m.moment(time.Unix(int64(said.Expires), 0))
	}
	return words
}
