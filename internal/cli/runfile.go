package cli

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/internal/httpfile"
	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
)

func (a *app) runFile() *cobra.Command {
	var f sendFlags
	var variables string
	cmd := &cobra.Command{
		Use:   "run FILE.http [NAME]",
		Short: "Send a request of a .http file",
		Long: `Sends a request of a .http file, as JetBrains' and other editors' clients write them, for the account that -u and -a
name. Without NAME the file holds one request. {{names}} are filled in from the file's @name = value lines, from
http-client.env.json beside it, and from the target: {{user.id}}, {{account.id}}, {{account.name}}, {{environment}},
{{$uuid}}, {{$timestamp}}; {{custom_fields.…}} is left for Connect.`,
		Example: "  connectty run slack.http channels -u abc-123 -a slack",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runRequest(cmd.Context(), f, variables, args)
		},
	}
	fl := cmd.Flags()
	f.target(fl)
	f.answer(fl)
	fl.StringVar(&variables, "variables", "", "environment of http-client.env.json; default: the one that is sent to")
	return cmd
}

func (a *app) runRequest(ctx context.Context, f sendFlags, variables string, args []string) error {
	file, err := httpfile.Read(args[0])
	if err != nil {
		return a.unsent(f, nil, session.Request{}, usage(err))
	}
	r, err := pick(file, args)
	if err != nil {
		return a.unsent(f, nil, session.Request{}, usage(err))
	}
	req := session.Request{
		Method: r.Method, URL: r.URL, Headers: r.Headers, AnyDomain: a.anyDomain, Confirmed: a.yes, Timeout: f.timeout,
	}
	if r.Body != "" {
		req.Body = []byte(r.Body)
	}
	req.File, req.Boundary = r.BodyFile, r.Boundary
	for _, p := range r.Parts {
		req.Parts = append(req.Parts, session.Part(p))
	}
	for _, n := range r.Notices {
		a.tell("note:", visible.Line(n))
	}
	s, err := a.open(ctx)
	if err != nil {
		return a.unsent(f, nil, req, err)
	}
	defer func() { _ = s.Close() }() // what was to be kept is written by now
	if variables == "" {
		variables = string(s.Profile().Environment)
	}
	values, err := httpfile.Environment(args[0], variables)
	if err != nil {
		return a.unsent(f, s, req, usage(err))
	}
	maps.Copy(values, file.Variables)
	req.Variables = values
	return a.launch(ctx, f, s, req)
}

// pick chooses a request of a file by its name, or the only one.
func pick(file httpfile.File, args []string) (httpfile.Request, error) {
	var names []string
	for _, r := range file.Requests {
		if len(args) > 1 && r.Name == args[1] {
			return r, nil
		}
		name := r.Name
		if name == "" {
			name = fmt.Sprintf("(line %d: %s %s)", r.Line, r.Method, r.URL)
		}
		names = append(names, name)
	}
	switch {
	case len(names) == 0:
		return httpfile.Request{}, fmt.Errorf("%s holds no request", args[0])
	case len(args) > 1:
		return httpfile.Request{}, fmt.Errorf("%s holds no request %q%s; there are %s", args[0], args[1], nearest.Hint(args[1], names), strings.Join(names, ", "))
	case len(names) > 1:
		return httpfile.Request{}, fmt.Errorf("%s holds %d requests; say which: %s", args[0], len(names), strings.Join(names, ", "))
	}
	return file.Requests[0], nil
}

// fill puts values in the place of {{names}}; what is missing is input that is
// refused.
func fill(s *session.Session, req *session.Request) error {
	filled, err := s.Fill(*req)
	if err != nil {
		return err
	}
	*req = filled
	return nil
}
