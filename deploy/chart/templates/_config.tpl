{{/* A service's configuration file, and the files and variables that go with it. */}}

{{- define "samspil.databaseUrl" -}}
{{- $db := .root.Values.database -}}
postgres://{{ $db.user }}@{{ $db.host }}:{{ $db.port }}/{{ $db.name }}?sslmode={{ $db.sslMode }}
{{- if $db.caSecret }}&sslrootcert=/etc/samspil/database-ca/ca.crt{{ end }}
{{- end }}

{{/* Whole numbers come out of values as floats; TOML tells the two apart. Changes the dict in place. */}}
{{- define "samspil.wholeNumbers" -}}
{{- range $key, $value := . -}}
{{- if kindIs "map" $value -}}
{{- include "samspil.wholeNumbers" $value -}}
{{- else if kindIs "float64" $value -}}
{{- if eq $value (floor $value) -}}{{- $_ := set $ $key (int64 $value) -}}{{- end -}}
{{- else if kindIs "slice" $value -}}
{{- range $value -}}{{- if kindIs "map" . -}}{{- include "samspil.wholeNumbers" . -}}{{- end -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "samspil.config" -}}
{{- $values := .root.Values -}}
{{- $config := dict
  "production" true
  "data_dir" "/var/lib/samspil"
  "listen" "0.0.0.0:50051"
  "health_listen" "0.0.0.0:50052"
  "tls_certificate" "/etc/samspil/tls/tls.crt"
  "tls_key" "/etc/samspil/tls/tls.key"
  "tls_authorities" "/etc/samspil/tls/ca.crt"
  "database_url" (include "samspil.databaseUrl" .)
  "database_password_file" "/etc/samspil/database/password"
  "database_connections" $values.database.connections
  "service_key" "/etc/samspil/keys/service.key"
  "master_key" "/etc/samspil/keys/master.key"
  "audit_key" "/etc/samspil/keys/audit.key"
  "stop_delay_seconds" $values.pod.stopDelaySeconds
  "drain_seconds" $values.pod.drainSeconds
  "spans_in_memory" 0
-}}
{{- if .facts.objects -}}
{{- $_ := set $config "object_store" ($values.objectStore.url | replace "{service}" .name) -}}
{{- $_ := set $config "s3_access_key_id_file" "/etc/samspil/object-store/access-key-id" -}}
{{- $_ := set $config "s3_secret_access_key_file" "/etc/samspil/object-store/secret-access-key" -}}
{{- with $values.objectStore.endpoint }}{{ $_ := set $config "s3_endpoint" . }}{{ end -}}
{{- if hasPrefix "http://" $values.objectStore.endpoint }}{{ $_ := set $config "s3_allow_http" true }}{{ end -}}
{{- with $values.objectStore.region }}{{ $_ := set $config "s3_region" . }}{{ end -}}
{{- end -}}
{{- $peers := dict -}}
{{- range $callee := .facts.calls -}}
{{- if hasKey $.services $callee -}}
{{- $host := include "samspil.of" (dict "root" $.root "name" $callee) -}}
{{- $_ := set $peers $callee (printf "https://%s.%s.svc:50051" $host $.root.Release.Namespace) -}}
{{- end -}}
{{- end -}}
{{- if $peers }}{{ $_ := set $config "peers" $peers }}{{ end -}}
{{- $_ := set $config "providers" (deepCopy $values.providers) -}}
{{- $config = mergeOverwrite $config (deepCopy $values.config) (deepCopy .values.config) -}}
{{- include "samspil.wholeNumbers" $config -}}
{{ $config | toToml }}
{{- end }}

{{- define "samspil.secretMode" -}}288{{- end }}

{{- define "samspil.volumes" -}}
{{- $values := .root.Values -}}
- name: data
  emptyDir: { sizeLimit: {{ .values.dataSize }} }
- name: config
  configMap: { name: {{ include "samspil.of" . }} }
- name: tls
  secret: { secretName: {{ include "samspil.tlsSecret" . }}, defaultMode: {{ include "samspil.secretMode" . }} }
- name: keys
  secret: { secretName: {{ $values.keys.secret | replace "{service}" .name }}, defaultMode: {{ include "samspil.secretMode" . }} }
{{ include "samspil.databaseVolumes" . }}
{{- if .facts.objects }}
- name: object-store
  secret:
    secretName: {{ $values.objectStore.secret | replace "{service}" .name }}
    defaultMode: {{ include "samspil.secretMode" . }}
    items:
      - { key: {{ $values.objectStore.accessKeyIdKey }}, path: access-key-id }
      - { key: {{ $values.objectStore.secretAccessKeyKey }}, path: secret-access-key }
{{- end }}
{{- end }}

{{- define "samspil.mounts" -}}
- { name: data, mountPath: /var/lib/samspil }
- { name: config, mountPath: /etc/samspil/config, readOnly: true }
- { name: tls, mountPath: /etc/samspil/tls, readOnly: true }
- { name: keys, mountPath: /etc/samspil/keys, readOnly: true }
{{ include "samspil.databaseMounts" . }}
{{- if .facts.objects }}
- { name: object-store, mountPath: /etc/samspil/object-store, readOnly: true }
{{- end }}
{{- end }}

{{/* A service sees its own password alone. */}}
{{- define "samspil.databaseVolumes" -}}
{{- $db := .root.Values.database -}}
- name: database
  secret:
    secretName: {{ $db.passwordSecret | replace "{service}" .name }}
    defaultMode: {{ include "samspil.secretMode" . }}
    items: [{ key: {{ $db.passwordKey | replace "{service}" .name | quote }}, path: password }]
{{- if $db.caSecret }}
- name: database-ca
  secret: { secretName: {{ $db.caSecret }}, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- end }}

{{- define "samspil.databaseMounts" -}}
- { name: database, mountPath: /etc/samspil/database, readOnly: true }
{{- if .root.Values.database.caSecret }}
- { name: database-ca, mountPath: /etc/samspil/database-ca, readOnly: true }
{{- end }}
{{- end }}

{{- define "samspil.tlsSecret" -}}
{{- if .root.Values.tls.certManager.enabled }}{{ include "samspil.of" . }}-tls{{ else }}{{ .root.Values.tls.secret | replace "{service}" .name }}{{ end }}
{{- end }}

{{/* What tells a collector which pod speaks. Nothing is measured or sent without its address. */}}
{{- define "samspil.env" -}}
{{- with .root.Values.telemetry.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
- { name: OTEL_METRIC_EXPORT_INTERVAL, value: {{ mul 1000 ($.root.Values.telemetry.interval | trimSuffix "s" | int) | quote }} }
- { name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
- { name: POD_UID, valueFrom: { fieldRef: { fieldPath: metadata.uid } } }
- { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
- name: OTEL_RESOURCE_ATTRIBUTES
  value: service.instance.id=$(POD_UID),k8s.namespace.name={{ $.root.Release.Namespace }},k8s.pod.name=$(POD),k8s.node.name=$(NODE)
{{- end }}
{{- range $name, $value := .values.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}
