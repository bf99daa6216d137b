{{/* Who may talk to whom: nobody but those who have to. */}}

{{/* Rules of where to go, from values: a rule without ports is none, one without `to` opens its ports to every address. */}}
{{- define "samspil.egress" -}}
{{- range $rule := . }}
{{- if $rule.ports }}
- ports:
    {{- range $port := $rule.ports }}
    {{- range $rule.protocols | default (list "TCP") }}
    - { port: {{ $port }}, protocol: {{ . }} }
    {{- end }}
    {{- end }}
  {{- with $rule.to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "samspil.dns" -}}
{{ merge (dict "protocols" (list "UDP" "TCP")) .Values.networkPolicy.dns | toYaml }}
{{- end }}

{{- define "samspil.networkPolicy" -}}
{{- $policy := .root.Values.networkPolicy -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "samspil.of" . }}
  labels: {{- include "samspil.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "samspil.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- $callers := list }}
    {{- range $other, $service := .services }}
    {{- if has $.name $service.facts.calls }}{{ $callers = append $callers $other }}{{ end }}
    {{- end }}
    {{- if or $callers $policy.from }}
    - ports: [{ port: grpc }]
      from:
        {{- range $callers }}
        - podSelector: { matchLabels: { {{ include "samspil.selector" (dict "root" $.root "name" .) | replace "\n" ", " }} } }
        {{- end }}
        {{- with $policy.from }}{{ toYaml . | nindent 8 }}{{ end }}
    {{- else }} []
    {{- end }}
  egress:
    {{- range $callee := .facts.calls }}
    {{- if hasKey $.services $callee }}
    - ports: [{ port: grpc }]
      to: [{ podSelector: { matchLabels: { {{ include "samspil.selector" (dict "root" $.root "name" $callee) | replace "\n" ", " }} } } }]
    {{- end }}
    {{- end }}
    {{- $rules := list (include "samspil.dns" .root | fromYaml) $policy.database $policy.providers }}
    {{- if .facts.objects }}{{ $rules = append $rules $policy.objectStore }}{{ end }}
    {{- if .root.Values.telemetry.otlpEndpoint }}{{ $rules = append $rules $policy.collector }}{{ end }}
    {{- include "samspil.egress" $rules | trim | nindent 4 }}
{{- end }}

{{/* A certificate for both sides: what a service shows to those who call it, and to those whom it calls. */}}
{{- define "samspil.certificate" -}}
{{- $tls := .root.Values.tls.certManager -}}
{{- $name := include "samspil.of" . -}}
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: {{ $name }}
  labels: {{- include "samspil.labels" . | nindent 4 }}
spec:
  secretName: {{ include "samspil.tlsSecret" . }}
  duration: {{ $tls.duration }}
  renewBefore: {{ $tls.renewBefore }}
  privateKey: { algorithm: ECDSA, size: 256, rotationPolicy: Always }
  usages: [digital signature, server auth, client auth]
  # By its own name the services know each other, whatever their addresses.
  dnsNames:
    - {{ .name }}
    - {{ $name }}
    - {{ $name }}.{{ .root.Release.Namespace }}
    - {{ $name }}.{{ .root.Release.Namespace }}.svc
    - {{ $name }}.{{ .root.Release.Namespace }}.svc.cluster.local
  issuerRef: {{- toYaml $tls.issuer | nindent 4 }}
{{- end }}
