{{/* Names and labels. Most templates take a dict: `root` is the release's context, `name` a service's name. */}}

{{- define "samspil.fullname" -}}
{{- if contains "samspil" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ .Release.Name | trunc 32 | trimSuffix "-" }}-samspil{{ end }}
{{- end }}

{{/* The name of a service's Deployment, Service and what else it has. */}}
{{- define "samspil.of" -}}
{{ include "samspil.fullname" .root }}-{{ .name }}
{{- end }}

{{- define "samspil.selector" -}}
app.kubernetes.io/name: samspil
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "samspil.labels" -}}
{{ include "samspil.selector" . }}
app.kubernetes.io/part-of: samspil
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "samspil.image" -}}
{{- $image := .root.Values.image -}}
{{ $image.repository }}{{ with $image.digest }}@{{ . }}{{ else }}:{{ $image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end }}

{{/* The services that are turned on: for each its facts and its values over the defaults, as YAML. */}}
{{- define "samspil.services" -}}
{{- $services := dict -}}
{{- range $name, $facts := .Files.Get "files/services.yaml" | fromYaml -}}
{{- $own := index $.Values.services $name | default dict -}}
{{- $values := mergeOverwrite (deepCopy $.Values.defaults) (deepCopy $own) -}}
{{- if $values.enabled -}}
{{- $_ := set $services $name (dict "facts" $facts "values" $values) -}}
{{- end -}}
{{- end -}}
{{ $services | toYaml }}
{{- end }}
