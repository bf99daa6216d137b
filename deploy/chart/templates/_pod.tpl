{{/* What every pod has in common: nothing runs as root, writes to its root or may ask the cluster's API. */}}

{{- define "samspil.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "samspil.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "samspil.placement" -}}
{{- $pod := .root.Values.pod -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - { name: {{ . }} }
  {{- end }}
{{- end }}
{{- with $pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $pod.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $pod.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $pod.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "samspil.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "samspil.of" . }}
  labels: {{- include "samspil.labels" . | nindent 4 }}
spec:
  {{- if not .values.autoscaling.enabled }}
  replicas: {{ .values.replicas }}
  {{- end }}
  selector:
    matchLabels: {{- include "samspil.selector" . | nindent 6 }}
  # One at a time and none missing: a new pod is ready before an old one drains.
  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  template:
    metadata:
      labels: {{- include "samspil.selector" . | nindent 8 }}
        app.kubernetes.io/part-of: samspil
        {{- with .root.Values.pod.labels }}{{ toYaml . | nindent 8 }}{{ end }}
      annotations:
        # A changed configuration is a new rollout. Certificates are read again without one.
        checksum/config: {{ include "samspil.config" . | sha256sum }}
        {{- with .root.Values.pod.annotations }}{{ toYaml . | nindent 8 }}{{ end }}
    spec:
      serviceAccountName: {{ include "samspil.of" . }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext: {{- include "samspil.podSecurity" . | nindent 8 }}
      # Until nobody is sent here, then for calls in flight, then to close pools and to send the last spans.
      terminationGracePeriodSeconds: {{ add .root.Values.pod.stopDelaySeconds .root.Values.pod.drainSeconds 20 }}
      {{- with include "samspil.placement" . | trim }}{{ . | nindent 6 }}{{ end }}
      {{- if .root.Values.pod.topologySpread }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: { matchLabels: { {{ include "samspil.selector" $ | replace "\n" ", " }} } }
        {{- end }}
      {{- end }}
      containers:
        - name: samspil
          image: {{ include "samspil.image" . }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args: [serve, {{ .name }}, --config, /etc/samspil/config/samspil.toml]
          {{- with include "samspil.env" . | trim }}
          env: {{- . | nindent 12 }}
          {{- end }}
          ports:
            - { name: grpc, containerPort: 50051 }
            - { name: health, containerPort: 50052 }
          # Kubelet's probes speak no TLS, so health has a listener of its own. Alive is a process that answers;
          # ready, one whose database answers and that is not draining.
          startupProbe: { grpc: { port: 50052, service: live }, periodSeconds: 2, failureThreshold: 60 }
          livenessProbe: { grpc: { port: 50052, service: live }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }
          readinessProbe: { grpc: { port: 50052 }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 }
          resources: {{- toYaml .values.resources | nindent 12 }}
          securityContext: {{- include "samspil.containerSecurity" . | nindent 12 }}
          volumeMounts: {{- include "samspil.mounts" . | nindent 12 }}
      volumes: {{- include "samspil.volumes" . | nindent 8 }}
{{- end }}
