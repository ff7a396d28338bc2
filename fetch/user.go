package fetch

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"agc-export/fetch/wiki"
)

// wireUser is a user as v2 writes it, and as v1 does.
type wireUser struct {
	AccountID     str `json:"accountId"`
	DisplayName   str
	PublicName    str
	AccountStatus str
}

func decodeUser(raw json.RawMessage) (wiki.User, error) {
	w, err := into[wireUser](raw)
	return wiki.User{
		AccountID: string(w.AccountID), DisplayName: string(w.DisplayName), PublicName: string(w.PublicName),
		Status: string(w.AccountStatus), Raw: raw,
	}, err
}

// CurrentUser returns the account of the connection. It is also the proof that the
// credentials still work: revoked ones get 404 for everything in v2.
func (c *Client) CurrentUser(ctx context.Context) (wiki.User, error) {
	root, err := c.root(ctx)
	if err != nil {
		return wiki.User{}, err
	}
	const op = "user"
	raw, _, err := get[json.RawMessage](ctx, c, call{op: op, path: root + "/rest/api/user/current"})
	if err != nil {
		return wiki.User{}, err
	}
	u, err := decodeUser(raw)
	if err != nil || u.AccountID == "" {
		return wiki.User{}, shape(op, "no account id in the answer")
	}
	return u, nil
}

// Users returns the accounts with the ids, 250 a call. Unknown ids are missing
// from what it returns; the order is the other side's.
func (c *Client) Users(ctx context.Context, ids []string) ([]wiki.User, error) {
	root, err := c.root(ctx)
	if err != nil {
		return nil, err
	}
	var users []wiki.User
	for some := range slices.Chunk(ids, maxIDs) {
		batch, err := c.users(ctx, root, some)
		if err != nil {
			return nil, err
		}
		users = append(users, batch...)
	}
	return users, nil
}

// users asks for one batch of accounts.
func (c *Client) users(ctx context.Context, root string, ids []string) ([]wiki.User, error) {
	const op = "users"
	body, err := json.Marshal(map[string][]string{"accountIds": ids})
	if err != nil {
		return nil, err
	}
	p, _, err := get[page](ctx, c, call{op: op, method: http.MethodPost, path: root + "/api/v2/users-bulk", body: body})
	if err != nil {
		return nil, err
	}
	if p.Results == nil {
		return nil, shape(op, "no results in the answer")
	}
	var users []wiki.User
	names := map[string]string{}
	for _, raw := range *p.Results {
		u, err := decodeUser(raw)
		if err != nil || u.AccountID == "" {
			return nil, shape(op, "a user of another shape than documented")
		}
		if slices.Contains(ids, u.AccountID) { // no other's name comes with it
			if name, twice := names[u.AccountID]; twice && name != u.DisplayName {
				return nil, shape(op, "two names for one account")
			}
			names[u.AccountID] = u.DisplayName
			users = append(users, u)
		}
	}
	return users, nil
}
