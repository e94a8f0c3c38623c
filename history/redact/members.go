package redact

import (
	"bytes"
	"encoding/json"
)

// members masks the values of JSON members whose names say secret.
func (m *Masker) members(data []byte) []byte {
	return eachMember(data, Sensitive, func(_ string, value []byte) []byte {
		if empty(value) {
			return value
		}
		m.note(unquote(value))
		return []byte(`"` + Mask + `"`)
	})
}

// escaped masks what strings of JSON hide behind escapes: \/ and \u0061. Those with
// nothing to mask stay byte for byte.
func (m *Masker) escaped(data []byte) []byte {
	if bytes.IndexByte(data, '\\') < 0 {
		return data
	}
	var out bytes.Buffer
	for i := 0; i < len(data); {
		if data[i] != '"' {
			out.WriteByte(data[i])
			i++
			continue
		}
		end := stringEnd(data, i)
		literal := data[i:end]
		i = end
		var plain string
		if bytes.IndexByte(literal, '\\') < 0 || json.Unmarshal(literal, &plain) != nil {
			out.Write(literal)
			continue
		}
		if masked, changed := m.Text(plain); changed {
			quoted, _ := json.Marshal(masked) // a string can always be written
			literal = quoted
		}
		out.Write(literal)
	}
	return out.Bytes()
}

// eachMember puts another value in the place of each JSON member whose name is
// picked. All else stays byte for byte, also where the text is cut or broken.
func eachMember(data []byte, picks func(name string) bool, replace func(name string, value []byte) []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(data))
	for i := 0; i < len(data); {
		if data[i] != '"' {
			out.WriteByte(data[i])
			i++
			continue
		}
		end := stringEnd(data, i)
		out.Write(data[i:end])
		value, isKey := afterColon(data, end)
		name := unquote(data[i:end])
		if !isKey || !picks(name) {
			i = end
			continue
		}
		stop := valueEnd(data, value)
		out.Write(data[end:value])
		out.Write(replace(name, data[value:stop]))
		i = stop
	}
	return out.Bytes()
}

// empty reports a value that hides nothing: null, true, false, "" or none.
func empty(value []byte) bool {
	switch string(value) {
	case "", `""`, "null", "true", "false", `"` + Mask + `"`:
		return true
	}
	return false
}

// stringEnd returns the place behind the string that begins at i; the end of the
// data where it was cut.
func stringEnd(data []byte, i int) int {
	for i++; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

// afterColon returns where the value begins, if a colon follows.
func afterColon(data []byte, i int) (int, bool) {
	i = skipSpace(data, i)
	if i >= len(data) || data[i] != ':' {
		return i, false
	}
	return skipSpace(data, i+1), true
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r') {
		i++
	}
	return i
}

// valueEnd returns the place behind the value that begins at i, objects and
// arrays whole.
func valueEnd(data []byte, i int) int {
	depth := 0
	for i < len(data) {
		switch data[i] {
		case '"':
			i = stringEnd(data, i)
			if depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return len(data)
}

func unquote(quoted []byte) string {
	var s string
	if json.Unmarshal(quoted, &s) == nil {
		return s
	}
	return string(bytes.Trim(quoted, `"`))
}
