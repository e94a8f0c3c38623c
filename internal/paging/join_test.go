package paging_test

import (
	"encoding/json"
	"testing"

	"github.com/connectty/connectty/internal/paging"
)

func TestJoin(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pages []string
		want  string // empty for none
		rows  int
	}{
		"lists":           {[]string{`[1, 2]`, `[ ]`, `[3]`}, `[1, 2,3]`, 3},
		"one page":        {[]string{`{"data":[1]}`}, `{"data":[1]}`, 1},
		"a cursor":        {[]string{`{"data":[{"n":1.50}],"next":"b"}`, "{\n \"data\": [ {\"n\": 2} ],\n \"next\": null\n}"}, "{\n \"data\": [{\"n\":1.50},{\"n\": 2}],\n \"next\": null\n}", 2},
		"inside":          {[]string{`{"ok":true,"result":{"items":["a"],"tags":[]}}`, `{"ok":true,"result":{"items":["b","c"],"tags":[]}}`}, `{"ok":true,"result":{"items":["a","b","c"],"tags":[]}}`, 3},
		"the longest":     {[]string{`{"warnings":[1],"rows":["aaaaaaaa"]}`, `{"warnings":[],"rows":["b"]}`}, `{"warnings":[],"rows":["aaaaaaaa","b"]}`, 2},
		"of lists":        {[]string{`{"rows":[[1,2],[3]]}`, `{"rows":[[4]]}`}, `{"rows":[[1,2],[3],[4]]}`, 3},
		"nothing common":  {[]string{`{"a":[1]}`, `{"b":[2]}`}, "", 0},
		"no list":         {[]string{`{"a":1}`, `{"a":2}`}, "", 0},
		"no JSON":         {[]string{`[1]`, `<html>`}, "", 0},
		"cut off":         {[]string{`[1]`, `[2`}, "", 0},
		"nothing":         {nil, "", 0},
		"all empty":       {[]string{`{"a":[]}`, `{"a":[ ]}`}, `{"a":[]}`, 0},
		"a dot in a name": {[]string{`{"a.b":[1],"c":[2]}`, `{"a.b":[3],"c":[4]}`}, `{"a.b":[3],"c":[2,4]}`, 2},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var pages [][]byte
			for _, p := range tc.pages {
				pages = append(pages, []byte(p))
			}
			got, rows, ok := paging.Join(pages)
			if string(got) != tc.want || rows != tc.rows || ok != (tc.want != "") {
				t.Errorf("got %q, %d, %v, want %q, %d", got, rows, ok, tc.want, tc.rows)
			}
		})
	}
}

// What is joined is JSON, whatever the pages are.
func FuzzJoin(f *testing.F) {
	f.Add(`{"a":[1],"b":{"c":[2]}}`, `{"a":[],"b":{"c":[3]}}`)
	f.Add(`[[]]`, ` [ {"x":[1]} ] `)
	f.Fuzz(func(t *testing.T, one, two string) {
		got, _, ok := paging.Join([][]byte{[]byte(one), []byte(two)})
		if ok && !json.Valid(got) {
			t.Errorf("%q and %q: %q", one, two, got)
		}
	})
}
