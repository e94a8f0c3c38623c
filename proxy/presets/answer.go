package presets

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Identify returns whom a who-am-I answer takes the account for: the first of the
// Identity paths that is there, as text; empty where there is none.
func (p Preset) Identify(body []byte) string { return first(body, p.Identity) }

// Works reports whether a who-am-I answer is a good one: all of the Good paths are
// there, and neither null nor false. If not, it tells which one, and what the
// answer says of it. Of an answer that was cut only what came is judged.
func (p Preset) Works(body []byte) (ok bool, why string) {
	for _, at := range p.Good {
		switch v, found := find(body, at); {
		case !isJSON(body):
			return false, "the answer is no JSON"
		case !found:
			why = at + " is missing"
		case v == nil:
			why = at + " is null"
		case v == false:
			why = at + " is false"
		default:
			continue
		}
		if words := first(body, p.ErrorAt); words != "" {
			why += ": " + words
		}
		return false, why
	}
	return true, ""
}

// first returns what stands at the first of the paths that holds a text or a number.
func first(body []byte, paths []string) string {
	for _, at := range paths {
		switch v, _ := find(body, at); v := v.(type) {
		case string:
			if v != "" {
				return v
			}
		case json.Number:
			return v.String()
		}
	}
	return ""
}

// isJSON reports that a body begins as JSON does.
func isJSON(body []byte) bool {
	_, err := json.NewDecoder(bytes.NewReader(body)).Token()
	return err == nil
}

// find returns what stands at a path: names and indices, parted by dots. An object
// or a list comes as its bracket, so that it is enough to have its beginning.
func find(body []byte, at string) (v any, found bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	for name := range strings.SplitSeq(at, ".") {
		if !enter(dec, name) {
			return nil, false
		}
	}
	v, err := dec.Token()
	return v, err == nil
}

// enter reads up to the value of a member or an item.
func enter(dec *json.Decoder, name string) bool {
	open, err := dec.Token()
	if err != nil || open != json.Delim('{') && open != json.Delim('[') {
		return false
	}
	for i := 0; dec.More(); i++ {
		here := strconv.Itoa(i)
		if open == json.Delim('{') {
			key, err := dec.Token()
			if err != nil {
				return false
			}
			here, _ = key.(string)
		}
		if here == name {
			return true
		}
		var skipped json.RawMessage
		if err := dec.Decode(&skipped); err != nil {
			return false
		}
	}
	return false
}
