package variables

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/connectty/connectty/proxy"
)

// mostBody is how much of an answer is read for a value in it.
const mostBody = 8 << 20

// Last returns how values are found in an answer: status, headers.NAME and body.PATH,
// where a path is of members and elements, such as items[0].id. The body is read once,
// when it is first asked for; what is longer than 8 MiB, or no JSON, has no values.
func Last(status int, headers []proxy.Field, body io.Reader) func(path string) (string, bool) {
	read := sync.OnceValue(func() any {
		if body == nil {
			return nil
		}
		data, err := io.ReadAll(io.LimitReader(body, mostBody+1))
		if err != nil || len(data) > mostBody {
			return nil
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		var v any
		if d.Decode(&v) != nil {
			return nil
		}
		return v
	})
	return func(path string) (string, bool) {
		what, rest, _ := strings.Cut(path, ".")
		if what != "body" && strings.HasPrefix(what, "body[") {
			what, rest = "body", path[len("body"):]
		}
		switch what {
		case "status":
			if rest == "" {
				return strconv.Itoa(status), true
			}
		case "headers":
			for _, h := range headers {
				if strings.EqualFold(h.Name, rest) {
					return h.Value, true
				}
			}
		case "body":
			return at(read(), rest)
		}
		return "", false
	}
}

// at is the value at a path: a text as it is, anything else as JSON.
func at(v any, path string) (string, bool) {
	for path = strings.TrimPrefix(path, "."); path != ""; path = strings.TrimPrefix(path, ".") {
		if rest, ok := strings.CutPrefix(path, "["); ok {
			digits, after, closed := strings.Cut(rest, "]")
			i, err := strconv.Atoi(digits)
			list, isList := v.([]any)
			if !closed || err != nil || !isList || i < 0 || i >= len(list) {
				return "", false
			}
			v, path = list[i], after
			continue
		}
		name := path
		if end := strings.IndexAny(path, ".["); end >= 0 {
			name = path[:end]
		}
		members, _ := v.(map[string]any)
		value, ok := members[name]
		if !ok {
			return "", false
		}
		v, path = value, path[len(name):]
	}
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	data, err := json.Marshal(v)
	return string(data), err == nil
}
