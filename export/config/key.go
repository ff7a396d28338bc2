package config

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"agc-export/export/exit"
)

// Prefix begins the names of all settings in the environment.
const Prefix = "AGC_EXPORT_"

// Key is a setting: a key of a section of agc-export.toml.
type Key struct {
	Section, Key string
	index        []int // of the field in Config
}

// Name is "fetch.workers".
func (k Key) Name() string { return k.Section + "." + k.Key }

// Env is "AGC_EXPORT_FETCH_WORKERS".
func (k Key) Env() string { return Prefix + strings.ToUpper(k.Section+"_"+k.Key) }

// Of is its value in a configuration.
func (k Key) Of(c Config) any { return reflect.ValueOf(c).FieldByIndex(k.index).Interface() }

// Flag is "fetch-workers".
func (k Key) Flag() string { return strings.ReplaceAll(k.Section+"-"+k.Key, "_", "-") }

// Keys lists all settings in the order of Config.
func Keys() []Key {
	var keys []Key
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		section := t.Field(i)
		if section.Type.Kind() != reflect.Struct { // [[marking]], which stands in the file alone
			continue
		}
		for j := range section.Type.NumField() {
			keys = append(keys, Key{section.Tag.Get("toml"), section.Type.Field(j).Tag.Get("toml"), []int{i, j}})
		}
	}
	return keys
}

// set parses a value as environment and flags write it: lists by commas.
func (k Key) set(c *Config, value string) error {
	f := reflect.ValueOf(c).Elem().FieldByIndex(k.index)
	switch f.Kind() {
	case reflect.String:
		f.SetString(value)
	case reflect.Bool:
		b, err := strconv.ParseBool(value)
		if err != nil {
			return fmt.Errorf("%s is neither true nor false", told(value))
		}
		f.SetBool(b)
	case reflect.Int:
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("%s is not a number", told(value))
		}
		f.SetInt(int64(n))
	case reflect.Slice:
		list := []string{}
		for _, v := range strings.Split(value, ",") {
			if v = strings.TrimSpace(v); v != "" {
				list = append(list, v)
			}
		}
		f.Set(reflect.ValueOf(list).Convert(f.Type()))
	default:
		return errors.New("is of a type that cannot be set here")
	}
	return nil
}

// meant are names that people give to keys which are called otherwise here.
var meant = map[string]string{
	"provider_config_key": "nango.integration_id", "integration": "nango.integration_id",
	"connection": "nango.connection_id", "host": "nango.base_url", "url": "nango.base_url",
	"site": "confluence.subdomain",
}

// unknownKey is the error for a key that does not exist, with the nearest that does, or
// what to do where it looks as if it were to hold the secret. A name that looks like none
// is not repeated.
func unknownKey(where, key string) error {
	if secretive(key) || toldName(key) == "" {
		told := "unknown key " + toldName(key)
		if toldName(key) == "" {
			told = "a key whose name is none"
		}
		return &exit.UsageError{Text: where + ": " + told, Hint: secretHint(key)}
	}
	best, least := "", len(key)
	for _, k := range Keys() {
		name := k.Name()
		if strings.HasPrefix(key, Prefix) {
			name = k.Env()
		} else if !strings.Contains(key, ".") {
			name = k.Section
		}
		if d := distance(key, name); d < least {
			best, least = name, d
		}
	}
	hint := "`agc-export help config` lists all keys."
	_, alone, _ := strings.Cut(key, ".")
	for _, k := range Keys() {
		if alone != "" && strings.HasSuffix(k.Name(), "."+alone) {
			hint = "There is a key " + k.Name() + "; `agc-export help config` lists all."
		}
	}
	if best != "" && least <= max(2, len(key)/3) {
		hint = "Did you mean " + best + "?"
	}
	if section, name, ok := strings.Cut(key, "."); ok && section == "nango" && meant[name] != "" {
		hint = "Did you mean " + meant[name] + "?"
	}
	return &exit.UsageError{Text: where + ": unknown key " + key, Hint: hint}
}

// secretHint says where the secret belongs, for a name that may have been meant for it.
func secretHint(name string) string {
	if !secretive(name) {
		return ""
	}
	return "The key itself never stands in the configuration, nor in a variable of its own name. " + keyAdvice
}

// distance is the Levenshtein distance of two short strings.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
