{{/* Labels that pods of tests are selected by: no Service, monitor or policy of the service has them. */}}
{{- define "service.testSelectorLabels" -}}
app.kubernetes.io/name: helm-test
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: {{ .Values.name }}
{{- end }}

{{- define "service.testName" -}}
{{- include "service.shortened" (printf "%s-test" (include "service.fullname" .)) -}}
{{- end }}

{{/* Whom a policy of the service lets in: pods of the tests of this release. */}}
{{- define "service.fromTests" -}}
- podSelector:
    matchLabels:
      app.kubernetes.io/name: helm-test
      app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* What every test pod is, beside its container: (list ROOT SECONDS). */}}
{{- define "service.testPod" -}}
{{- $seconds := index . 1 -}}
{{- with index . 0 -}}
restartPolicy: Never
activeDeadlineSeconds: {{ $seconds }}
serviceAccountName: {{ include "service.serviceAccountName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with concat .Values.global.imagePullSecrets .Values.imagePullSecrets | uniq }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/*
Metadata of what `helm test` makes: (list ROOT WEIGHT). It goes when the tests have passed. What has failed stays until they
are run again, so that its log can be read; Helm prints it too.
*/}}
{{- define "service.testMetadata" -}}
{{- $root := index . 0 -}}
{{- $labels := mergeOverwrite (include "service.labels" (list $root dict) | fromYaml) (include "service.testSelectorLabels" $root | fromYaml) -}}
name: {{ include "service.testName" $root }}
namespace: {{ $root.Release.Namespace | quote }}
labels:
  {{- toYaml $labels | nindent 2 }}
annotations:
  helm.sh/hook: test
  helm.sh/hook-weight: {{ index . 1 | quote }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
  helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
  {{- with $root.Values.tests.annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
