;;; quickstudy.el --- Quickstudy in Emacs, by Eglot  -*- lexical-binding: t; -*-

;; For your init file. Eglot runs one server in a buffer: in Python buffers this one.

(require 'eglot)

;; A PYTHONPATH of the project would put the project's modules before the server's own.
(add-to-list 'eglot-server-programs
             '((python-mode python-ts-mode) . ("env" "PYTHONPATH=" "quickstudy-server")))

;; The settings of Quickstudy, in camelCase.
(setq-default eglot-workspace-configuration
              '(:quickstudy (:rounds 4)))

(provide 'quickstudy)
;;; quickstudy.el ends here
