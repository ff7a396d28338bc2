package config

import (
	"fmt"
	"reflect"
	"slices"

	"agc-export/fetch/nango"
	"agc-export/render/profile"
)

// choices are the values of settings that know a few alone, by name.
var choices = map[string][]string{
	"nango.mode":                 {nango.ModeProxy, nango.ModeCredentials},
	"export.restricted":          {RestrictedSkip, RestrictedInclude},
	"export.conditional":         {"", ConditionalShow, ConditionalSkip},
	"export.history":             {HistoryNone, HistoryMetadata, HistoryBodies},
	"export.attachment_versions": {VersionsLatest, VersionsAll},
	"export.classification":      {ClassifySpace, ClassifyPage},
	"export.states":              {StatesNone, StatesSpace},
	"publish.headers":            {"", HeadersFront},
	"guard.missing":              {MissingKeep, MissingWithhold},
	"notify.url_form":            {FormHealthchecks, FormSlack, FormJSON},
	"markdown.profile":           append(profile.Names(), ""),
}

// Choices are the values that a setting takes, nil where it takes more than can be listed.
func (k Key) Choices() []string {
	if reflect.TypeFor[Config]().FieldByIndex(k.index).Type.Kind() == reflect.Bool {
		return []string{"true", "false"}
	}
	return slices.DeleteFunc(slices.Clone(choices[k.Name()]), func(s string) bool { return s == "" })
}

// validateChoices checks the settings that know a few values alone; bad makes the error for a key.
func (c *Config) validateChoices(bad func(key, why string) error) error {
	for _, k := range Keys() {
		allowed := choices[k.Name()]
		if allowed == nil {
			continue
		}
		if value := reflect.ValueOf(c).Elem().FieldByIndex(k.index).String(); !slices.Contains(allowed, value) {
			return bad(k.Name(), fmt.Sprintf("%s is none of %q", told(value), k.Choices()))
		}
	}
	return nil
}
