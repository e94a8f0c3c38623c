package history_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// lines is a history as lines of JSON, oldest first.
func lines(t *testing.T, s *history.Store) []byte {
	t.Helper()
	list, err := s.List(t.Context(), history.Query{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(list)
	var b bytes.Buffer
	for _, x := range list {
		whole, err := s.Load(t.Context(), x.ID)
		if err == nil {
			err = json.NewEncoder(&b).Encode(whole)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// What is exported and imported is exported again byte for byte, whatever it holds.
func TestExportImportExport(t *testing.T) {
	t.Parallel()
	one := open(t, history.Options{ProductionBodies: history.BodiesFull})
	for _, change := range []func(x *history.Exchange){
		func(*history.Exchange) {},
		func(x *history.Exchange) {
			x.Response = nil
			x.Finding = diagnose.Finding{Who: diagnose.Network, Code: "timeout", Summary: "no end"}
		},
		func(x *history.Exchange) {
			x.Request.Body, x.Response.Body = []byte("\xff\xfe\x00"), []byte{0x80, 0x81}
		},
		func(x *history.Exchange) { x.Request.Body, x.Response.Body, x.Response.Size = nil, nil, 0 },
		func(x *history.Exchange) { x.Note, x.Ticket, x.Starred = "a <note> & \u2028 more", "ACME-1", true },
		func(x *history.Exchange) { x.Response.BodyTruncated, x.Response.Size = true, 1<<40 },
		func(x *history.Exchange) {
			x.Request.Headers = []proxy.Field{{Name: "Authorization", Value: "Bearer abcdefghijkl"}, {Name: "X", Value: ""}}
		},
		func(x *history.Exchange) {
			x.Environment, x.StartedAt = proxy.Production, time.Date(1971, 1, 1, 0, 0, 0, 1000, time.UTC)
		},
		func(x *history.Exchange) {
			x.Finding.Next = []diagnose.Step{{Text: "reconnect", Actor: "end user", Key: "L"}}
			x.Finding.Evidence = []string{"a", "b"}
		},
	} {
		x := sample()
		change(&x)
		store(t, one, x)
	}
	first := lines(t, one)
	two := open(t, history.Options{ProductionBodies: history.BodiesFull})
	in := json.NewDecoder(bytes.NewReader(first))
	next := func() (history.Exchange, error) {
		var x history.Exchange
		err := in.Decode(&x)
		return x, err
	}
	done, err := two.Import(t.Context(), next)
	if err != nil || done.Added != 9 {
		t.Fatalf("%+v, %v", done, err)
	}
	if second := lines(t, two); !bytes.Equal(first, second) {
		t.Errorf("was\n%s\nis\n%s", first, second)
	}
	in = json.NewDecoder(bytes.NewReader(first))
	if done, err = two.Import(t.Context(), next); err != nil || done.Known != 9 || done.Added != 0 {
		t.Errorf("once more: %+v, %v", done, err)
	}
}
